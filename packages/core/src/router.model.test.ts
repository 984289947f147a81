import fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import { type CallPlan, inFakeTime, RouterWorld } from './fixtures/router-world.ts'
import { type Behaviour, wholeText } from './fixtures/scripted-member.ts'
import { seededRandom } from './fixtures/seeded-random.ts'
import type { MemberOptions, RouterOptions } from './index-router.ts'

/** In which every call has ended and every pause is over. */
const LONGEST_MS = 24 * 3_600_000

const some = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined })
const afterMs = fc.constantFrom(0, 10, 700, 3_000)
const behaviour: fc.Arbitrary<Behaviour> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('answer' as const), afterMs }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('refuse' as const),
      afterMs,
      status: fc.constantFrom(429, 429, 503, 500, 400, 401, 402, 404),
      retryAfterS: some(fc.constantFrom(0, 1, 5, 90)),
    }),
  },
  fc.record({ kind: fc.constant('reset' as const), afterMs }),
  fc.record({ kind: fc.constant('silence' as const) }),
  fc.record({ kind: fc.constantFrom('cut' as const, 'stall' as const), afterMs, pieces: fc.constantFrom(0, 1, 2) }),
)
const member: fc.Arbitrary<Omit<MemberOptions, 'modelName'>> = fc.record({
  weight: fc.constantFrom(0, 1, 3),
  tier: fc.constantFrom(0, 0, 1),
  group: some(fc.constantFrom('g', 'h')),
  models: some(fc.constantFrom(['m'], ['m', 'n'])),
  aliases: fc.constantFrom({}, { n: 'm' }),
  maxConcurrent: some(fc.integer({ min: 1, max: 2 })),
  rpm: some(fc.integer({ min: 1, max: 4 })),
})
const plan: fc.Arbitrary<CallPlan> = fc.record({
  model: fc.constantFrom('m', 'm', 'n', 'auto', 'member0'),
  stream: fc.boolean(),
  key: some(fc.constantFrom('k', 'l')),
  abortMs: some(fc.constantFrom(0, 5, 800, 4_000)),
})
const options: fc.Arbitrary<RouterOptions> = fc.record({
  strategy: fc.constantFrom('weighted-random', 'smooth-weighted-round-robin', 'least-busy', 'peak-ewma'),
  commit: fc.constantFrom('first-content', 'complete'),
  deadlineMs: some(fc.constantFrom(500, 6_000, 100_000)),
  retry: fc.record({ maxAttempts: fc.constantFrom(1, 2, 5), sameMember: fc.constantFrom(0, 2) }),
  queue: fc.record({ maxLength: fc.constantFrom(0, 2, 100) }),
  timeouts: fc.constant({ headersMs: 2_000, firstContentMs: 4_000, idleMs: 1_000, answerMs: 5_000 }),
})
const scenario = fc.record({
  options,
  members: fc.array(member, { minLength: 1, maxLength: 4 }),
  steps: fc.array(fc.tuple(plan, fc.constantFrom(0, 0, 1, 50, 2_000, 20_000)), { minLength: 1, maxLength: 20 }),
  behaviours: fc.array(behaviour, { minLength: 1, maxLength: 30 }),
  seed: fc.nat(),
})

it('ends every call once, as its trail says, within every limit', async () => {
  await fc.assert(
    fc.asyncProperty(scenario, (drawn) => inFakeTime(() => live(drawn))),
    { numRuns: 200 },
  )
})

type Scenario = typeof scenario extends fc.Arbitrary<infer T> ? T : never

async function live(drawn: Scenario): Promise<void> {
  const world = await play(drawn)
  expectAllOver(world)
  for (const end of world.ends) expectEnd(world, end, drawn.options)
  for (const [index, settings] of drawn.members.entries()) expectLimits(world, `member${index}`, settings)
}

async function play({ options, members, steps, behaviours, seed }: Scenario): Promise<RouterWorld> {
  let turn = 0
  const world = new RouterWorld(
    { ...options, random: seededRandom(seed) },
    () => behaviours[turn++ % behaviours.length] as Behaviour,
  )
  for (const [index, settings] of members.entries()) {
    const modelName = `member${index}`
    world.router.addModel(world.transport(modelName), { ...settings, modelName })
  }
  for (const [callPlan, pauseMs] of steps) {
    world.call(callPlan)
    await vi.advanceTimersByTimeAsync(pauseMs)
  }
  await vi.advanceTimersByTimeAsync(LONGEST_MS)
  return world
}

function expectAllOver(world: RouterWorld): void {
  const { outcomes, inFlight, waiting, members } = world.router.getStats()
  expect(world.ends.map(({ call }) => call).sort()).toEqual(
    Array.from({ length: world.calls }, (_, i) => `c${i}`).sort(),
  )
  expect({ inFlight, waiting, listeners: world.listeners, timers: vi.getTimerCount() }).toEqual({
    inFlight: 0,
    waiting: 0,
    listeners: 0,
    timers: 0,
  })
  expect(Object.values(outcomes).reduce((sum, count) => sum + count, 0)).toBe(world.calls)
  for (const [name, { attempts, inFlight: held, verdicts }] of Object.entries(members)) {
    const sent = world.seen.filter((seen) => seen.member === name)
    expect([held, attempts]).toEqual([0, sent.length])
    expect(Object.values(verdicts).reduce((sum, count) => sum + count, 0)).toBe(attempts)
  }
}

function expectEnd(
  world: RouterWorld,
  end: RouterWorld['ends'][number],
  { retry, deadlineMs, commit }: RouterOptions,
): void {
  const { call, outcome, text, trail, startMs, endMs } = end
  const sent = world.seen.filter((seen) => seen.call === call)
  const last = sent.at(-1)
  if (trail) expect(trail).toEqual(sent.map((seen) => seen.member))
  expect(sent.length).toBeLessThanOrEqual(retry?.maxAttempts ?? 0)
  expect(endMs - startMs).toBeLessThanOrEqual(deadlineMs ?? LONGEST_MS)
  const whole = last ? wholeText(last.member, call) : ''
  if (outcome === 'ok') expect([text, last?.behaviour.kind]).toEqual([whole, 'answer'])
  else expect(whole.startsWith(text)).toBe(true)
  if (commit === 'complete' && outcome !== 'ok') expect(text).toBe('')
}

function expectLimits(
  world: RouterWorld,
  name: string,
  { maxConcurrent, rpm }: Omit<MemberOptions, 'modelName'>,
): void {
  const sent = world.seen.filter((seen) => seen.member === name)
  for (const { atMs } of sent) {
    const open = sent.filter((other) => other.atMs <= atMs && (other.endMs === undefined || other.endMs > atMs))
    expect(open.length).toBeLessThanOrEqual(maxConcurrent ?? Number.POSITIVE_INFINITY)
    const minute = sent.filter((other) => other.atMs <= atMs && other.atMs > atMs - 60_000)
    expect(minute.length).toBeLessThanOrEqual(rpm ?? Number.POSITIVE_INFINITY)
  }
  for (const { endMs = 0, restUntilMs = 0 } of sent) {
    expect(sent.filter(({ atMs }) => atMs > endMs && atMs < restUntilMs)).toEqual([])
  }
}
