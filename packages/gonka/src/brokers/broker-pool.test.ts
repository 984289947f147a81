import { type Devnet, startDevnet } from '@gonka/devnet'
import { Multiplexer } from '@multiplexer/core'
import { expect, onTestFinished, test } from 'vitest'
import { registerGonkaModels } from '../register-gonka-models.ts'

const MODEL = 'sim/model-a'
const CALLS = 1_000

/** What users measured over a day at five gateways, in percent: gonka-ai/gonka#1121. */
const UPTIMES = [94.6, 89.1, 82.4, 59.3, 3.7]

/** One whose outages come closest to the measured shares; independent brokers are all down at once in 1 call of 2,500. */
const SEED = 713

/** Calls that an outage lasts on average. */
const OUTAGE_CALLS = 5

/** A small generator with a fixed start, so that the outages are the same in every run. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** Whether a broker is up at each call: outages of geometric length, so many that the share of calls up is the uptime. */
function planOutages(uptime: number, random: () => number): boolean[] {
  const repair = Math.min(1 / OUTAGE_CALLS, uptime)
  const failure = Math.min(1, (repair * (1 - uptime)) / uptime)
  let up = random() < uptime
  return Array.from({ length: CALLS }, () => {
    up = up ? random() >= failure : random() < repair
    return up
  })
}

const OUTAGES = [
  { status: 503, body: 'model temporarily unavailable' },
  { status: 502, body: { error: { message: 'upstream model provider rejected' } } },
  { reset: true as const },
  { status: 429, body: { error: { message: 'rate limit exceeded' } } },
]

test('five brokers that are up 94.6, 89.1, 82.4, 59.3 and 3.7 % of the time answer at least 99.9 % of 1,000 calls', async () => {
  const random = seededRandom(SEED)
  const gateways = await Promise.all(UPTIMES.map((_, index) => startGateway(`broker-${index}`)))
  const health = { cooldownMs: 1, maxCooldownMs: 5 }
  const mux = new Multiplexer({ random: seededRandom(1), health, retry: { backoffMs: 1, maxBackoffMs: 5 } })
  const brokers = gateways.map(({ url, apiKey }) => ({ url: `${url}/v1`, apiKey }))
  await registerGonkaModels(mux, { brokers, env: {} })
  const plans = UPTIMES.map((uptime) => planOutages(uptime / 100, random))

  let answered = 0
  let allDown = 0
  for (let call = 0; call < CALLS; call += 1) {
    for (const [index, gateway] of gateways.entries())
      setOutage(gateway, { isUp: plans[index]?.[call] ?? false, random })
    if (plans.every((plan) => !plan[call])) allDown += 1
    const messages = [{ role: 'user' as const, content: `Question ${call}` }]
    answered += await mux.chat.completions.create({ model: MODEL, messages }).then(
      (answer) => answer.choices.length,
      () => 0,
    )
  }

  const measured = plans.map((plan) => (100 * plan.filter(Boolean).length) / CALLS)
  for (const [index, uptime] of UPTIMES.entries()) expect(Math.abs((measured[index] ?? 0) - uptime)).toBeLessThan(1)
  expect(answered).toBeGreaterThanOrEqual(0.999 * CALLS)
  expect(answered).toBeGreaterThanOrEqual(CALLS - allDown)
  expect(mux.getStats().failovers).toBeGreaterThan(100)
}, 60_000)

async function startGateway(seed: string): Promise<Devnet> {
  const devnet = await startDevnet({ participants: 1, mode: 'gateway', seed, blockTimeMs: 0 })
  onTestFinished(() => devnet.stop())
  return devnet
}

function setOutage(gateway: Devnet, { isUp, random }: { isUp: boolean; random: () => number }): void {
  const node = gateway.node(0)
  node.clearFault()
  const outage = OUTAGES[Math.floor(random() * OUTAGES.length)]
  if (!isUp && outage) node.fault(outage)
}
