import { type FaultName, startFaultServer } from '@multiplexer/fault-server'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { answering, refusing, startUpstream } from './fixtures/upstream.ts'
import { Multiplexer, type RouterEvents, type Transport } from './index.ts'

/** A clock that stands still until it is told. */
function createClock() {
  let nowMs = 1_800_000_000_000
  return {
    now: () => nowMs,
    advance: (ms: number) => {
      nowMs += ms
    },
  }
}

const SPARE_TEXT = 'the answer of the fallback'
/** Healthy and without a socket: what is tested here is the primary's side. */
const spare: Transport = async () =>
  Response.json({ choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: SPARE_TEXT } }] })

async function startStorm(fault: FaultName, timeouts = { answerMs: 60_000 }) {
  const primary = await startFaultServer({ secondMs: 10, name: 'primary' })
  onTestFinished(() => primary.stop())
  const clock = createClock()
  const mux = new Multiplexer({ now: clock.now, timeouts })
  mux.addModel({ baseURL: primary.baseURL }, { modelName: 'p', aliases: { m: fault } })
  mux.addFallbackModel(spare, { modelName: 'f', models: ['spare-model'], aliases: { m: 'spare-model' } })
  const cooldowns: RouterEvents['cooldown'][] = []
  mux.on('cooldown', (event) => cooldowns.push(event))
  return { mux, primary, clock, cooldowns }
}

/** Sends `count` calls at once and returns the texts of the answers; anything else fails. */
async function callAtOnce(mux: Multiplexer, count: number): Promise<string[]> {
  return await Promise.all(Array.from({ length: count }, () => callOnce(mux)))
}

async function callOnce(mux: Multiplexer): Promise<string> {
  const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'Hello' }] })
  const response = await mux.fetch('/v1/chat/completions', { method: 'POST', body })
  const { choices, error } = await response.json()
  return choices?.[0].message.content ?? `${response.status} ${error?.message}`
}

const COUNTS = [1, 2, 10, 50, 500]
/** Longer than any pause: the next call finds the member due for a probe. */
const PERIOD_MS = 3_600_000

const BREAKING: readonly FaultName[] = [
  'rate-limited-forever',
  'unavailable-forever',
  'reset-before-headers',
  'unauthorized',
]

describe.concurrent.each(BREAKING)(
  'many calls at once and a primary that fails with %s',
  { timeout: 60_000 },
  (fault) => {
    it.each(COUNTS)('%i calls get as many answers, then one probe per period', async (count) => {
      const { mux, primary, clock, cooldowns } = await startStorm(fault)
      expect(new Set(await callAtOnce(mux, count))).toEqual(new Set([SPARE_TEXT]))
      expect(primary.attempts.length).toBeLessThanOrEqual(count)
      // Too few failures to open the breaker: make it open, one call after the other.
      for (let extra = 0; extra < 3; extra++) await callOnce(mux)
      expect(cooldowns).toMatchObject([{ member: 'p' }])

      for (let period = 0; period < 3; period++) {
        const before = primary.attempts.length
        expect(new Set(await callAtOnce(mux, 20))).toEqual(new Set([SPARE_TEXT]))
        expect(primary.attempts.length).toBe(before)
        clock.advance(PERIOD_MS)
        expect(new Set(await callAtOnce(mux, 20))).toEqual(new Set([SPARE_TEXT]))
        expect(primary.attempts.length).toBe(before + 1)
      }
    })
  },
)

describe.concurrent.each<FaultName>(['model-missing', 'context-length'])(
  'many calls at once and a primary that refuses with %s',
  { timeout: 60_000 },
  (fault) => {
    it.each(COUNTS)('%i calls get as many answers', async (count) => {
      const { mux, primary, cooldowns } = await startStorm(fault)
      expect(new Set(await callAtOnce(mux, count))).toEqual(new Set([SPARE_TEXT]))
      expect(primary.attempts).toHaveLength(count)
      expect(cooldowns).toEqual([])
    })
  },
)

describe.concurrent('many calls at once and a silent primary', { timeout: 60_000 }, () => {
  it.each(COUNTS)('%i calls get as many answers and pay for one timeout each', async (count) => {
    const { mux, primary } = await startStorm('silence', { answerMs: 1_000 })
    expect(new Set(await callAtOnce(mux, count))).toEqual(new Set([SPARE_TEXT]))
    expect(mux.getStats().members.p?.verdicts).toEqual({ unavailable: count })
    await vi.waitFor(() => expect(primary.attempts.filter(({ open }) => open)).toEqual([]), { timeout: 10_000 })
    expect(primary.attempts.length).toBeLessThanOrEqual(count)
  })
})

async function startLimited(retryAfter: string) {
  const upstream = await startUpstream(
    refusing(429, { error: { message: 'slow down' } }, { 'retry-after': retryAfter }),
  )
  const clock = createClock()
  const mux = new Multiplexer({ now: clock.now })
  mux.addModel({ baseURL: upstream.baseURL }, { modelName: 'p', models: ['m'] })
  mux.addFallbackModel(spare, { modelName: 'f', models: ['m'] })
  const changes: string[] = []
  mux.on('cooldown', ({ member, untilMs }) => changes.push(`${member} out for ${untilMs - clock.now()} ms`))
  mux.on('recovered', ({ member }) => changes.push(`${member} back`))
  return { mux, upstream, clock, changes }
}

describe('a rate limit', () => {
  it('met by 500 calls at once changes the state once and costs the second it asked for', {
    timeout: 60_000,
  }, async () => {
    const { mux, upstream, clock, changes } = await startLimited('1')
    expect(new Set(await callAtOnce(mux, 500))).toEqual(new Set([SPARE_TEXT]))
    expect([upstream.seen.length, changes]).toEqual([500, ['p out for 1000 ms']])

    upstream.script = answering('primary')
    clock.advance(999)
    expect(await callOnce(mux)).toBe(SPARE_TEXT)
    clock.advance(1)
    expect(await callOnce(mux)).toBe('primary as m')
    expect(changes).toEqual(['p out for 1000 ms', 'p back'])
  })

  it('costs a real second of real time', { timeout: 60_000 }, async () => {
    const primary = await startFaultServer({ secondMs: 500, name: 'primary' })
    onTestFinished(() => primary.stop())
    const mux = new Multiplexer()
    mux.addModel({ baseURL: primary.baseURL }, { modelName: 'p', aliases: { m: 'rate-limited-2s' } })
    mux.addFallbackModel(spare, { modelName: 'f', models: ['m'] })
    const startedMs = Date.now()
    await vi.waitFor(async () => expect(await callOnce(mux)).toBe(primary.text), { timeout: 30_000, interval: 20 })
    expect(Date.now() - startedMs).toBeGreaterThanOrEqual(995)
    expect(primary.attempts).toHaveLength(2)
  })

  it('is extended by a later, longer header, and not cut short by a shorter one', async () => {
    const { mux, upstream, clock, changes } = await startLimited('1')
    const answers: ((retryAfter: string) => void)[] = []
    upstream.script = async (seen, response) => {
      const retryAfter = await new Promise<string>((resolve) => answers.push(resolve))
      await refusing(429, {}, { 'retry-after': retryAfter })(seen, response)
    }
    const calls = [callOnce(mux), callOnce(mux), callOnce(mux)]
    await vi.waitFor(() => expect(answers).toHaveLength(3), { timeout: 15_000 })
    for (const retryAfter of ['1', '30', '2']) {
      const settled = mux.getStats().members.p?.verdicts['rate-limited'] ?? 0
      answers.shift()?.(retryAfter)
      await vi.waitFor(() => expect(mux.getStats().members.p?.verdicts['rate-limited']).toBe(settled + 1), {
        timeout: 15_000,
      })
    }
    await Promise.all(calls)
    expect(changes).toEqual(['p out for 1000 ms'])

    upstream.script = answering('primary')
    clock.advance(29_999)
    expect(await callOnce(mux)).toBe(SPARE_TEXT)
    clock.advance(1)
    expect(await callOnce(mux)).toBe('primary as m')
  })
})

it('follows an upstream that goes down, comes up and goes down again', async () => {
  const { mux, primary, clock, cooldowns } = await startStorm('flapping')
  const recovered: string[] = []
  mux.on('recovered', ({ member }) => recovered.push(member))
  for (let flap = 0; flap < 3; flap++) {
    primary.setDown(true)
    expect(new Set(await callAtOnce(mux, 10))).toEqual(new Set([SPARE_TEXT]))
    primary.setDown(false)
    expect(await callOnce(mux)).toBe(SPARE_TEXT)
    clock.advance(PERIOD_MS)
    expect(await callOnce(mux)).toBe(primary.text)
    expect(new Set(await callAtOnce(mux, 10))).toEqual(new Set([primary.text]))
  }
  expect([cooldowns.length, recovered]).toEqual([3, ['p', 'p', 'p']])
})
