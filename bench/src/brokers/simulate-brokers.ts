import { setTimeout as sleep } from 'node:timers/promises'
import { type Devnet, type FaultSpec, startDevnet } from '@gonka/devnet'
import { type Attempt, attemptsOf, Multiplexer } from '@multiplexer/core'
import { registerGonkaModels } from '@multiplexer/gonka'
import { seededRandom } from '../seeded-random.ts'
import { planOutages } from './plan-outages.ts'

/** What users measured over a day at five gateways: gonka-ai/gonka#1121. */
export const UPTIMES: readonly number[] = [0.946, 0.891, 0.824, 0.593, 0.037]

/** What brokers do while they are down, and how long an attempt waits for its answer. */
export interface Outage {
  readonly does: FaultSpec | 'kill'
  /** In milliseconds, as users would set it. */
  readonly answerMs: number
}

/** Every way to be down that is simulated. */
export const OUTAGES: Readonly<Record<string, Outage>> = {
  'connection refused': { does: 'kill', answerMs: 30_000 },
  'answer 503': { does: { status: 503, body: 'model temporarily unavailable' }, answerMs: 30_000 },
  'no answer within 10 s': { does: { hang: true }, answerMs: 10_000 },
  'no answer within 30 s': { does: { hang: true }, answerMs: 30_000 },
}

/** Time runs so many times faster than it would: answers, outages, timeouts and the multiplexer's defaults alike. */
const SCALE = 100

// What is simulated, in the time of the simulation.
const ANSWER_MS = 2_000 / SCALE
const SLOT_MS = 10_000 / SCALE
const MEAN_OUTAGE_SLOTS = 6
const CALLERS = 16
const OPTIONS = {
  health: { cooldownMs: 2_000 / SCALE, maxCooldownMs: 300_000 / SCALE },
  retry: { backoffMs: 500 / SCALE, maxBackoffMs: 8_000 / SCALE, maxRetryAfterMs: 60_000 / SCALE },
  queue: { timeoutMs: 60_000 / SCALE },
}

/** What came of one simulation. Times are those that users would see: those of the simulation, scaled up again. */
export interface BrokersResult {
  readonly calls: number
  readonly answered: number
  /** Attempts that failed. */
  readonly failedAttempts: number
  /** For each call, the time that its failed attempts took, in milliseconds, ascending. */
  readonly lostMs: readonly number[]
  /** Time of all calls together, from question to answer or error, in milliseconds. */
  readonly totalMs: number
}

/** Calls a pool of five brokers that are up for shares of the time as measured, and down in one way.
 * @param options.calls - How many calls. @default 5_000
 * @param options.seed - Decides the outages. @default 1 */
export async function simulateBrokers(
  { does, answerMs }: Outage,
  { calls = 5_000, seed = 1 }: { calls?: number; seed?: number } = {},
): Promise<BrokersResult> {
  const gateways = await Promise.all(UPTIMES.map((_, index) => startGateway(index)))
  const mux = new Multiplexer({ ...OPTIONS, timeouts: { answerMs: answerMs / SCALE }, random: seededRandom(seed) })
  const brokers = gateways.map(({ url, apiKey }, index) => ({ url: `${url}/v1`, apiKey, name: `broker-${index}` }))
  await registerGonkaModels(mux, { brokers, env: {} })
  const outages = new AbortController()
  const playing = playOutages(gateways, { does, seed, signal: outages.signal })
  try {
    return await callAll(mux, calls)
  } finally {
    outages.abort()
    await playing
    await Promise.all(gateways.map((gateway) => gateway.stop()))
  }
}

function startGateway(index: number): Promise<Devnet> {
  const seed = `broker-${index}`
  return startDevnet({ participants: 1, mode: 'gateway', seed, blockTimeMs: 0, latencyMs: ANSWER_MS })
}

interface Play {
  readonly does: Outage['does']
  readonly seed: number
  readonly signal: AbortSignal
}

/** Plays each broker's plan, from the beginning again when it is over. */
async function playOutages(gateways: readonly Devnet[], { does, seed, signal }: Play): Promise<void> {
  const random = seededRandom(seed)
  const common = { slots: PLANNED_SLOTS, meanOutageSlots: MEAN_OUTAGE_SLOTS, random }
  const plans = UPTIMES.map((uptime) => planOutages({ ...common, uptime }))
  for (let slot = 0; !signal.aborted; slot++) {
    for (const [index, gateway] of gateways.entries()) {
      await setUp(gateway, { does, isUp: plans[index]?.[slot % PLANNED_SLOTS] ?? true })
    }
    await sleep(SLOT_MS, undefined, { signal }).catch(() => {})
  }
}

/** Nine minutes: short enough for a run to see all of it, long enough for the shares to come out right. */
const PLANNED_SLOTS = 54

async function setUp(gateway: Devnet, { does, isUp }: { does: Outage['does']; isUp: boolean }): Promise<void> {
  const node = gateway.node(0)
  node.clearFault()
  if (does !== 'kill') return isUp ? undefined : node.fault(does)
  // The port may serve somebody's connection meanwhile: then the broker stays down for one more slot.
  await (isUp ? node.restart().catch(() => {}) : node.kill())
}

async function callAll(mux: Multiplexer, calls: number): Promise<BrokersResult> {
  const ends: CallEnd[] = []
  let started = 0
  const caller = async (): Promise<void> => {
    while (started < calls) ends.push(await callOnce(mux, started++))
  }
  await Promise.all(Array.from({ length: CALLERS }, caller))
  return {
    calls,
    answered: ends.filter(({ answered }) => answered).length,
    failedAttempts: ends.reduce((sum, { failed }) => sum + failed.length, 0),
    lostMs: ends.map(({ failed }) => SCALE * failed.reduce((sum, { ms }) => sum + ms, 0)).sort((a, b) => a - b),
    totalMs: SCALE * ends.reduce((sum, { ms }) => sum + ms, 0),
  }
}

interface CallEnd {
  readonly answered: boolean
  readonly failed: readonly Attempt[]
  readonly ms: number
}

async function callOnce(mux: Multiplexer, call: number): Promise<CallEnd> {
  const startedMs = performance.now()
  const messages = [{ role: 'user' as const, content: `Question ${call}` }]
  const end = await mux.chat.completions
    .create({ model: 'sim/model-a', messages })
    .withResponse()
    .then(
      ({ response }) => ({ answered: true, trail: attemptsOf(response) }),
      (error: unknown) => ({ answered: false, trail: attemptsOf(error) }),
    )
  const failed = end.trail.filter(({ verdict }) => verdict.kind !== 'ok')
  return { answered: end.answered, failed, ms: performance.now() - startedMs }
}
