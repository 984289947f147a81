import { type Devnet, startDevnet } from '@gonka/devnet'
import { Multiplexer } from '@multiplexer/core'
import { OpenAI } from 'openai'
import { type Answers, askMany, type Mix, mixProviders } from './mix-providers.ts'
import { startProvider } from './start-provider.ts'

/** What came of the calls while something was up or down. */
export interface Phase extends Answers {
  readonly title: string
  /** Times a call left a member that failed it. */
  readonly failovers: number
}

/** What is switched off and on. */
interface Stage {
  readonly network: Devnet
  readonly broker: Devnet
}

const MODEL = 'sim/model-a'
/** Short pauses, so that the demo need not wait for the way back; the defaults fit real networks. */
const HEALTH = { cooldownMs: 100, maxCooldownMs: 200 }
const GIVE_UP_MS = 10_000

/** Starts a network, a broker and two ordinary providers on this machine, switches the first two off and on again, and
 * counts who answers meanwhile. */
export async function runDemo({ calls }: { calls: number }): Promise<readonly Phase[]> {
  await using network = await startDevnet({ participants: [{ weight: 30 }, { weight: 20 }], models: [MODEL] })
  await using broker = await startDevnet({ participants: 1, models: [MODEL], mode: 'gateway', seed: 'broker' })
  await using first = await startProvider({ apiKey: 'key-1', model: 'large-1' })
  await using second = await startProvider({ apiKey: 'key-2', model: 'large-2' })
  await using mux = new Multiplexer({ health: HEALTH })
  const { refreshManager } = await mixProviders(mux, {
    gonka: gonkaOf({ network, broker }),
    model: MODEL,
    client: { openai: new OpenAI({ baseURL: first.baseURL, apiKey: 'key-1' }), model: 'large-1' },
    upstream: { baseURL: second.baseURL, apiKey: 'key-2', model: 'large-2' },
  })
  try {
    return await playOut(mux, { network, broker }, calls)
  } finally {
    await refreshManager?.stop()
  }
}

/** The broker's weight counts beside those of the participants, 30 and 20. */
function gonkaOf({ network, broker }: Stage): Mix['gonka'] {
  const brokers = [{ url: `${broker.url}/v1`, apiKey: broker.apiKey, weight: 50, name: 'demo' }]
  const { urls, account } = network
  return { sourceUrls: urls, privateKey: account.privateKey, allowPrivateHosts: true, brokers, env: {} }
}

async function playOut(mux: Multiplexer, { network, broker }: Stage, calls: number): Promise<readonly Phase[]> {
  const note = async (title: string, answers: Promise<Answers>): Promise<Phase> => {
    const { failovers } = mux.getStats()
    return { title, ...(await answers), failovers: mux.getStats().failovers - failovers }
  }
  const ask = (title: string): Promise<Phase> => note(title, askMany(mux, { model: MODEL, calls }))
  const allUp = await ask('all up')
  await Promise.all(network.nodes.map((node) => node.kill()))
  const noParticipants = await ask('participants down')
  await broker.node(0).kill()
  const noGonka = await ask('participants and broker down')
  await Promise.all([...network.nodes, ...broker.nodes].map((node) => node.restart()))
  const wayBack = await note('on the way back', askUntilBack(mux))
  return [allUp, noParticipants, noGonka, wayBack, await ask('all up again')]
}

/** Asks on until nobody is left out: once its pause is over, a member that failed is tried again with a call. */
async function askUntilBack(mux: Multiplexer): Promise<Answers> {
  const answers: Record<string, number> = {}
  const errors: string[] = []
  const giveUpMs = Date.now() + GIVE_UP_MS
  while (Object.values(mux.getStats().members).some(({ breaker }) => breaker !== 'closed')) {
    if (Date.now() > giveUpMs) return { answers, errors: [...errors, 'Not everybody came back.'] }
    const one = await askMany(mux, { model: MODEL, calls: 1 })
    for (const member of Object.keys(one.answers)) answers[member] = (answers[member] ?? 0) + 1
    errors.push(...one.errors)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  return { answers, errors }
}
