import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { type AttemptLog, FAULT_NAMES, type FaultServer, startFaultServer } from '@multiplexer/fault-server'
import { APIError } from 'openai'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import {
  type Expectation,
  HOLDING_FAULTS,
  type Outcome,
  SCENARIOS,
  type Scenario,
} from './fixtures/fault-expectations.ts'
import { renderExpectations } from './fixtures/render-expectations.ts'
import { AllModelsFailedError, attemptsOf, type CommitMode, Multiplexer, StreamInterruptedError } from './index.ts'

// One second of a scenario. A clock of ten of them is long for a healthy answer and short for "first content after 20 s".
const SECOND_MS = 75
const LIMIT_MS = 10 * SECOND_MS

const messages = [{ role: 'user' as const, content: 'Hello' }]

async function startTiers(
  { primary, fallback }: Scenario,
  { commit, limitMs }: { commit: CommitMode; limitMs: number },
) {
  const servers = {
    primary: await startFaultServer({ secondMs: SECOND_MS, name: 'primary' }),
    fallback: await startFaultServer({ secondMs: SECOND_MS, name: 'fallback' }),
  }
  onTestFinished(async () => {
    await Promise.all([servers.primary.stop(), servers.fallback.stop()])
  })
  const timeouts = { headersMs: limitMs, firstContentMs: limitMs, idleMs: limitMs, answerMs: limitMs }
  const mux = new Multiplexer({ commit, timeouts, retry: { sameMember: 0 } })
  mux.addModel({ baseURL: servers.primary.baseURL }, { modelName: 'p', aliases: { m: primary } })
  mux.addFallbackModel({ baseURL: servers.fallback.baseURL }, { modelName: 'f', aliases: { m: fallback } })
  return { mux, ...servers }
}

/** What one call came to: the text that was delivered, and the error that ended it. */
interface Result {
  readonly text: string
  readonly error: unknown
}

async function callPlain(mux: Multiplexer): Promise<Result> {
  try {
    const { choices } = await mux.chat.completions.create({ model: 'm', messages })
    return { text: choices[0]?.message.content ?? '', error: undefined }
  } catch (error) {
    return { text: '', error }
  }
}

async function callStreamed(mux: Multiplexer): Promise<Result> {
  let text = ''
  try {
    for await (const chunk of await mux.chat.completions.create({ model: 'm', messages, stream: true })) {
      text += chunk.choices[0]?.delta.content ?? ''
    }
    return { text, error: undefined }
  } catch (error) {
    return { text, error }
  }
}

type Tiers = Awaited<ReturnType<typeof startTiers>>

function expectOutcome(outcome: Outcome, { text, error }: Result, tiers: Tiers): void {
  expectExactly(text, expectedText(outcome, tiers))
  switch (outcome.gets) {
    case 'answer':
      expect(error).toBeUndefined()
      break
    case 'interrupted':
      expect(error).toBeInstanceOf(StreamInterruptedError)
      expect((error as StreamInterruptedError).partialText).toBe(text)
      break
    case 'refusal':
      expect(error).toBeInstanceOf(APIError)
      expect(error).toMatchObject({ status: outcome.status, code: outcome.code })
      expect((error as APIError).message).toContain(`fault: ${outcome.code}`)
      break
    case 'all-failed':
      expect(error).toBeInstanceOf(AllModelsFailedError)
      expect(error).toMatchObject({ statusCode: outcome.statusCode })
      if (outcome.backInSeconds) expectBackIn(outcome.backInSeconds, (error as AllModelsFailedError).retryAfterMs)
  }
}

/** Up to a fifth more by jitter; less by the time that has passed since. */
function expectBackIn(seconds: number, retryAfterMs: number | undefined): void {
  expect(retryAfterMs).toBeGreaterThan((seconds - 2) * 1_000)
  expect(retryAfterMs).toBeLessThanOrEqual(seconds * 1_200)
}

function expectedText(outcome: Outcome, tiers: Tiers): string {
  if (outcome.gets === 'answer') return wholeText(tiers[outcome.from])
  return outcome.gets === 'interrupted' ? tiers[outcome.from].textOf(outcome.tokens) : ''
}

/** Ten megabytes make no readable difference. */
function expectExactly(text: string, expected: string): void {
  expect(text.length).toBe(expected.length)
  expect(text === expected).toBe(true)
}

function wholeText(server: FaultServer): string {
  return server.attemptsOf('huge-event').length > 0 ? server.hugeText : server.text
}

/** The upstreams' side: so many requests, no connection left open, no slot left taken. */
async function expectLogs({ attempts, outcome }: Expectation, { error }: Result, tiers: Tiers): Promise<void> {
  const { mux, primary, fallback } = tiers
  expect([primary.attempts.length, fallback.attempts.length]).toEqual(attempts)
  if (outcome.gets !== 'answer') expect(attemptsOf(error)).toHaveLength(attempts[0] + attempts[1])
  const all = [...primary.attempts, ...fallback.attempts]
  await vi.waitFor(() => expect(all.filter(({ open }) => open)).toEqual([]), { timeout: 10_000, interval: 5 })
  expect(all.filter(isHeld).filter(({ closedAtMs }) => closedAtMs === undefined)).toEqual([])
  expect(mux.getStats()).toMatchObject({ inFlight: 0, members: { p: { inFlight: 0 }, f: { inFlight: 0 } } })
}

function isHeld({ model }: AttemptLog): boolean {
  return HOLDING_FAULTS.includes(model)
}

type Way = 'plain' | 'streamed' | 'held'

async function expectScenario(scenario: Scenario, way: Way, limitMs: number): Promise<void> {
  const tiers = await startTiers(scenario, { commit: way === 'held' ? 'complete' : 'first-content', limitMs })
  const result = await (way === 'plain' ? callPlain(tiers.mux) : callStreamed(tiers.mux))
  expectOutcome(scenario[way].outcome, result, tiers)
  await expectLogs(scenario[way], result, tiers)
}

const byName = SCENARIOS.map((scenario) => [scenario.name, scenario] as const)
const isHuge = ([name]: (typeof byName)[number]): boolean => name === 'huge-event'

describe.concurrent.each(byName.filter((row) => !isHuge(row)))('%s', { timeout: 30_000 }, (_, scenario) => {
  it('not streamed', () => expectScenario(scenario, 'plain', LIMIT_MS))
  it("streamed, commit: 'first-content'", () => expectScenario(scenario, 'streamed', LIMIT_MS))
  it("streamed, commit: 'complete'", () => expectScenario(scenario, 'held', LIMIT_MS))
})

// Alone and unhurried: the SDK itself needs more than a second of CPU for an event of ten megabytes.
describe.each(byName.filter(isHuge))('%s', { timeout: 60_000 }, (_, scenario) => {
  it('not streamed', () => expectScenario(scenario, 'plain', 60_000))
  it("streamed, commit: 'first-content'", () => expectScenario(scenario, 'streamed', 60_000))
  it("streamed, commit: 'complete'", () => expectScenario(scenario, 'held', 60_000))
})

describe('the catalogue', () => {
  it('has every fault of the server', () => {
    const covered = SCENARIOS.map(({ primary }) => primary)
    expect(FAULT_NAMES.filter((name) => !covered.includes(name))).toEqual([])
  })

  // Where this fails after a change on purpose, `vitest -u` writes the table anew.
  it('is what the documentation says', async () => {
    const path = fileURLToPath(new URL('../../../docs/fault-catalogue.md', import.meta.url))
    const [before = '', rest = ''] = (await readFile(path, 'utf8')).split(/(?<=<!-- generated: fault catalogue -->\n)/)
    const after = rest.slice(rest.indexOf('<!-- end of generated text -->'))
    await expect(`${before}${renderExpectations(SCENARIOS)}\n${after}`).toMatchFileSnapshot(path)
  })
})
