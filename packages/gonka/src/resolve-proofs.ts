import { parseTrust, type Trust, type TrustStore } from '@gonka/discovery'
import type { UncheckedOptions } from './config-options.ts'
import { checkStore } from './resolve-store.ts'
import { invalidField } from './schemas.ts'

/** The fields about proofs, checked; discovery checks how they fit the sources. */
export interface ProofFields {
  readonly verifyProofs: boolean
  readonly trust: Trust | undefined
  readonly chainId: string | undefined
  readonly trustStore: TrustStore | undefined
}

/** Checks the fields about proofs. Who names a trust means it to be used, unless told otherwise.
 * @throws {GonkaConfigError} `config-invalid` or `url-invalid`, with the field; also for proofs without trust or chain id. */
export function resolveProofs({ verifyProofs, trust, chainId, trustStore }: UncheckedOptions): ProofFields {
  const wanted = verifyProofs ?? trust !== undefined
  if (typeof wanted !== 'boolean' || verifyProofs === null) {
    throw invalidField('verifyProofs', 'true or false', verifyProofs)
  }
  if (wanted && trust === undefined) throw invalidField('trust', `${TRUSTS}, to verify proofs; see GONKA_TRUST`, trust)
  if (chainId !== undefined || wanted) checkChainId(chainId)
  if (trustStore !== undefined) checkStore('trustStore', trustStore)
  return {
    verifyProofs: wanted,
    trust: trust === undefined ? undefined : parseTrust(trust),
    chainId: chainId as string | undefined,
    trustStore: trustStore as TrustStore | undefined,
  }
}

const TRUSTS = "{ height, hash }, { witnesses, quorum } or 'first-use'"

function checkChainId(chainId: unknown): void {
  if (typeof chainId === 'string' && chainId !== '' && chainId.length <= 50) return
  throw invalidField(
    'chainId',
    "the chain's id, 1 to 50 characters, such as gonka-mainnet; see GONKA_CHAIN_ID",
    chainId,
  )
}
