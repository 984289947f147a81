import { describeUnusable, fetchModelList, type ModelsRequest } from '../fetch-model-list.ts'
import type { GonkaBroker } from './gonka-broker.ts'

/** Asks a broker which models it serves. The key goes to the broker's own URL: redirects are refused.
 * @returns Model ids, at least one and none twice; undefined, after a warning, when there is no usable answer.
 * @throws The signal's reason when it is aborted, and nothing else. */
export async function fetchBrokerModels(
  broker: GonkaBroker,
  request: ModelsRequest = {},
): Promise<readonly string[] | undefined> {
  try {
    return await fetchModelList({ baseUrl: broker.url, apiKey: broker.apiKey() }, request)
  } catch (error) {
    request.signal?.throwIfAborted()
    const details = { broker: broker.name, host: broker.host, reason: describeUnusable(error) }
    request.logger?.warn('the models of a broker are not known; it is used for any model', details)
    return undefined
  }
}
