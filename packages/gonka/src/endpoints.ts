import { createParticipant, type GonkaParticipant } from '@gonka/protocol'
import { describeUnusable, fetchModelList, type ModelsRequest } from './fetch-model-list.ts'

/** The participants that were configured by hand. `url;address` says nothing about models, so their nodes are asked. */
export class Endpoints {
  readonly #endpoints: readonly GonkaParticipant[]
  readonly #request: Omit<ModelsRequest, 'signal'>
  readonly #known = new Map<string, readonly string[]>()

  constructor(endpoints: readonly GonkaParticipant[], request: Omit<ModelsRequest, 'signal'>) {
    this.#endpoints = endpoints
    this.#request = request
    for (const { address, models } of endpoints) if (models.length > 0) this.#known.set(address, models)
  }

  /** Puts the endpoints behind the participants that a source lists; what it says of an address is newer than what somebody
   * once configured. An endpoint that does not say its models counts with all that the others of the network serve.
   * @throws The signal's reason when it is aborted, and nothing else. */
  async addTo(
    found: readonly GonkaParticipant[],
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<readonly GonkaParticipant[]> {
    const addresses = new Set(found.map(({ address }) => address))
    const added = this.#endpoints.filter(({ address }) => !addresses.has(address))
    await Promise.all(added.map((endpoint) => this.#learn(endpoint, options.signal)))
    const modelsOf = ({ address }: GonkaParticipant): readonly string[] => this.#known.get(address) ?? []
    const network = [...new Set([...found.flatMap(({ models }) => models), ...added.flatMap(modelsOf)])]
    return [
      ...found,
      ...added.map((each) => createParticipant({ ...each, models: this.#known.get(each.address) ?? network })),
    ]
  }

  /** Each is asked until it has answered once: at registration, and as long as it is silent, at each refresh. */
  async #learn({ address, baseUrl }: GonkaParticipant, signal: AbortSignal | undefined): Promise<void> {
    if (this.#known.has(address)) return
    try {
      this.#known.set(address, await fetchModelList({ baseUrl }, { ...this.#request, signal }))
    } catch (error) {
      signal?.throwIfAborted()
      const details = { address, host: new URL(baseUrl).host, reason: describeUnusable(error) }
      this.#request.logger?.warn('the models of an endpoint are not known', details)
    }
  }
}
