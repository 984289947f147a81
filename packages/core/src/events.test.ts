import { describe, expect, it } from 'vitest'
import { EventHub } from './events.ts'
import { chat, startPair } from './fixtures/start-pair.ts'
import { refusing } from './fixtures/upstream.ts'
import type { Logger } from './types.ts'
import { createVerdict } from './verdict.ts'

const EVENT = { member: 'a', verdict: createVerdict('unavailable') }

function recordingLogger() {
  const lines: [string, string][] = []
  const record = (level: string) => (message: string) => void lines.push([level, message])
  const logger: Logger = { debug: record('debug'), info: record('info'), warn: record('warn'), error: record('error') }
  return { lines, logger }
}

describe('events', () => {
  it('reach every listener of that name, until it stops listening', () => {
    const hub = new EventHub(undefined)
    const seen: unknown[] = []
    const stop = hub.on('failover', (event) => seen.push(['first', event]))
    hub.on('failover', (event) => seen.push(['second', event]))
    hub.on('recovered', () => seen.push('other'))
    hub.emit('failover', EVENT)
    stop()
    stop()
    hub.emit('failover', EVENT)
    expect(seen).toEqual([
      ['first', EVENT],
      ['second', EVENT],
      ['second', EVENT],
    ])
  })

  it('go on to the others when a listener throws; the log has its name and not its message', () => {
    const { lines, logger } = recordingLogger()
    const hub = new EventHub(logger)
    const seen: string[] = []
    hub.on('recovered', () => {
      throw new RangeError('secret')
    })
    hub.on('recovered', ({ member }) => seen.push(member))
    hub.emit('recovered', { member: 'a' })
    expect(seen).toEqual(['a'])
    expect(lines).toEqual([
      ['debug', 'recovered'],
      ['error', 'a listener of "recovered" threw RangeError'],
    ])
  })

  it('contain listeners that reject later', async () => {
    const { lines, logger } = recordingLogger()
    const hub = new EventHub(logger)
    hub.on('recovered', async () => {
      throw new RangeError('secret')
    })
    hub.emit('recovered', { member: 'a' })
    await new Promise((resolve) => setImmediate(resolve))
    expect(lines.at(-1)).toEqual(['error', 'a listener of "recovered" threw RangeError'])
  })

  it('contain a logger that throws', () => {
    const fail = () => {
      throw new Error('disk full')
    }
    const hub = new EventHub({ debug: fail, info: fail, warn: fail, error: fail })
    const seen: string[] = []
    hub.on('failover', fail)
    hub.on('failover', ({ member }) => seen.push(member))
    hub.emit('failover', EVENT)
    expect(seen).toEqual(['a'])
  })

  it('reach only who listened when they came', () => {
    const hub = new EventHub(undefined)
    let calls = 0
    const listen = (): void => {
      calls += 1
      if (calls < 100) hub.on('recovered', () => listen())
    }
    hub.on('recovered', listen)
    hub.emit('recovered', { member: 'a' })
    expect(calls).toBe(1)
  })

  it('are logged by weight: what costs a member is a warning', () => {
    const { lines, logger } = recordingLogger()
    const hub = new EventHub(logger)
    hub.emit('attempt', { ...EVENT, ms: 1 })
    hub.emit('failover', EVENT)
    hub.emit('cooldown', { ...EVENT, untilMs: 5 })
    hub.emit('completed', { attempts: 1, ms: 1, outcome: 'ok' })
    expect(lines.map(([level, name]) => `${level} ${name}`)).toEqual([
      'debug attempt',
      'warn failover',
      'warn cooldown',
      'debug completed',
    ])
  })
})

it('tells what happened, and survives listeners that throw', async () => {
  const { router } = await startPair(refusing(429, undefined, { 'retry-after': '5' }), {
    router: { now: () => 1_000 },
  })
  const told: unknown[] = []
  for (const name of ['attempt', 'failover', 'cooldown', 'completed'] as const) {
    router.on(name, (event) => {
      told.push([name, { ...event, verdict: 'verdict' in event ? event.verdict.kind : undefined }])
      throw new Error('a bad listener')
    })
  }
  await chat(router)
  expect(told).toEqual([
    ['attempt', { member: 'primary', verdict: 'rate-limited', status: 429, ms: 0 }],
    ['cooldown', { member: 'primary', verdict: 'rate-limited', untilMs: 6_000 }],
    ['failover', { member: 'primary', verdict: 'rate-limited' }],
    ['attempt', { member: 'fallback', verdict: 'ok', status: 200, ms: 0 }],
    ['completed', { member: 'fallback', attempts: 2, ms: 0, outcome: 'ok', verdict: undefined }],
  ])
})
