import { failed, passed, skipped, warned } from './create-row.ts'
import type { ChainParams } from './fetch-params.ts'
import type { DoctorRow } from './types.ts'

/** Whether the chain lets the account send requests. */
export function checkDevelopers(
  params: ChainParams | undefined,
  account: { readonly address: string | undefined; readonly height: bigint | undefined },
): DoctorRow {
  const { address, height } = account
  if (!params) return skipped('developers', { detail: NO_PARAMS })
  if (address === undefined) return skipped('developers', { detail: 'there is no account to look up' })
  const { developersUntilHeight: until, developers } = params
  if (until === 0n) return passed('developers', { detail: 'everyone may send requests' })
  if (developers.includes(address)) return passed('developers', { detail: 'the account is on the list' })
  const ended = height !== undefined && height >= until
  if (ended)
    return passed('developers', { detail: `the list was in force until block ${until}; everyone may send requests` })
  const detail = `inference requests are restricted until block height ${until} to a list that does not name the account`
  return failed('developers', {
    detail,
    next: 'wait for that block, use an account on the list, or use a broker (GONKA_BROKERS)',
  })
}

/** Whether the chain lets the participants take requests.
 * @param addresses - Those of every entry of the list, and those configured by hand. */
export function checkTransferAgents(params: ChainParams | undefined, addresses: readonly string[]): DoctorRow {
  if (!params) return skipped('transfer-agents', { detail: NO_PARAMS })
  const { transferAgents } = params
  if (transferAgents.length === 0) return passed('transfer-agents', { detail: 'every participant may take requests' })
  const allowed = addresses.filter((address) => transferAgents.includes(address.toLowerCase())).length
  const detail = `${allowed} of ${addresses.length} participants are on the chain's list of transfer agents`
  if (addresses.length === 0 || allowed === addresses.length) return passed('transfer-agents', { detail })
  if (allowed > 0) return warned('transfer-agents', { detail, next: 'nothing: the others get no requests' })
  return failed('transfer-agents', { detail, next: 'nobody may take requests: use a broker (GONKA_BROKERS)' })
}

const NO_PARAMS = 'no node shows the parameters of the chain'
