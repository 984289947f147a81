import { GonkaClientFactory } from '@gonka/signer/openai'
import { Multiplexer } from '@multiplexer/core'
import { EndpointDiscovery, type GonkaConfig, ModelRegistrar } from '@multiplexer/gonka'

/** How much is asked of each set of members. */
export interface CallOptions {
  /** Calls per step. @default 40 */
  readonly calls?: number | undefined
  /** Model id. @default the first one that the epoch lists */
  readonly model?: string | undefined
}

/** What came of the calls to one set of members. */
export interface Step {
  readonly title: string
  /** Answers by member. */
  readonly answers: Readonly<Record<string, number>>
  /** What was said about calls that nobody answered, each once. */
  readonly errors: readonly string[]
}

/** What the example saw. */
export interface Report {
  readonly requesterAddress: string
  readonly epochId: number
  /** The node configured by hand: its member, and the weight that it was given. */
  readonly own: { readonly member: string; readonly weight: number | undefined }
  /** Participants that were registered beside it. */
  readonly discovered: number
  readonly steps: readonly Step[]
}

const IN_FLIGHT = 8

/** Registers a node of your own and the participants of the epoch, part by part: what `registerGonkaModels()` does at once.
 * @param config - Names a source, a key, and your node as its first endpoint. */
export async function registerByHand(config: GonkaConfig, options: CallOptions = {}): Promise<Report> {
  const { signer, sourceUrls, allowPrivateHosts } = config
  const [own] = config.endpoints
  if (!signer || !own || sourceUrls.length === 0) throw new TypeError('A source, a key and an endpoint are required.')

  const discovery = new EndpointDiscovery({ sourceUrls, allowPrivateHosts })
  const { epochId, participants } = await discovery.discover()
  // A node configured by hand does not say what it serves, so it must be asked for a model by its id.
  const { calls = 40, model = participants.flatMap(({ models }) => models)[0] ?? 'auto' } = options

  const registrar = new ModelRegistrar(new GonkaClientFactory(signer), { defaultMaxConcurrent: 16 })
  await using mux = new Multiplexer()
  registrar.registerOne(mux, own, { weightOverride: 200, maxConcurrent: 2 })
  const discovered = registrar.registerAll(mux, participants) // skips who is registered already
  const member = `${registrar.modelNamePrefix}${own.address}`
  const { weight } = mux.getStats().members[member] ?? {}

  const together = await callMany(mux, 'your node and the epoch', { calls, model })
  registrar.unregisterAll(mux, epochId)
  const alone = await callMany(mux, 'your node alone', { calls, model })
  registrar.unregisterAll(mux, own.epochId) // 0: it was configured by hand
  const nobody = await callMany(mux, 'nobody', { calls: 1, model })
  const steps = [together, alone, nobody]
  return { requesterAddress: signer.address, epochId, own: { member, weight }, discovered, steps }
}

async function callMany(
  mux: Multiplexer,
  title: string,
  { calls, model }: { calls: number; model: string },
): Promise<Step> {
  const answers: Record<string, number> = {}
  const errors = new Set<string>()
  let started = 0
  const callUntilDone = async (): Promise<void> => {
    while (started < calls) {
      const content = `Question ${started++}`
      try {
        const completion = mux.chat.completions.create({ model, messages: [{ role: 'user', content }] })
        const { response } = await completion.withResponse()
        const member = response.headers.get('x-multiplexer-model') ?? ''
        answers[member] = (answers[member] ?? 0) + 1
      } catch (error) {
        errors.add(error instanceof Error ? error.message : 'Something that is no error was thrown.')
      }
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, callUntilDone))
  return { title, answers, errors: [...errors] }
}
