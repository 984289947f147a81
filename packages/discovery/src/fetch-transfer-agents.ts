import { GonkaDiscoveryError, PATHS } from '@gonka/protocol'
import * as v from 'valibot'
import { type FetchJsonOptions, fetchJson } from './fetch-json.ts'
import { ParamsSchema } from './schemas.ts'
import { SourceError } from './source-error.ts'
import type { DiscoveryLogger } from './types.ts'

/** Asks a source whom the chain lets take requests. A list that cannot be read lets everyone, with a warning: nodes
 * refuse what they may not take, and operators may close this path.
 * @returns Addresses in lower case; undefined means everyone. */
export async function fetchTransferAgents(
  sourceUrl: string,
  options: FetchJsonOptions & { readonly logger?: DiscoveryLogger | undefined },
): Promise<ReadonlySet<string> | undefined> {
  try {
    const json = await fetchJson({ sourceUrl, path: PATHS.inferenceParams }, options)
    return parseTransferAgents(json, sourceUrl)
  } catch (error) {
    options.signal?.throwIfAborted()
    if (!(error instanceof GonkaDiscoveryError)) throw error
    options.logger?.warn('The list of transfer agents could not be read; participants are not filtered by it.', {
      sourceUrl,
      code: error.code,
      statusCode: error.statusCode,
    })
    return undefined
  }
}

/** Turns a list of addresses into a rule: an empty list lets everyone. */
export function createAllowList(addresses: readonly string[]): ReadonlySet<string> | undefined {
  return addresses.length === 0 ? undefined : new Set(addresses.map((address) => address.toLowerCase()))
}

function parseTransferAgents(json: unknown, sourceUrl: string): ReadonlySet<string> | undefined {
  const { success, output } = v.safeParse(ParamsSchema, json)
  if (success) return createAllowList(output.params.transfer_agent_access_params.allowed_transfer_addresses)
  throw new SourceError('discovery-answer-invalid', `${sourceUrl} gave no chain parameters.`, {
    sourceUrl,
    statusCode: 200,
    retryable: false,
  })
}
