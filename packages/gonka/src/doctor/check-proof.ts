import { EndpointDiscovery, type TrustStore } from '@gonka/discovery'
import { GonkaError } from '@gonka/protocol'
import { failed, passed, warned } from './create-row.ts'
import type { DoctorSettings } from './read-settings.ts'
import type { DoctorPorts, DoctorRow } from './types.ts'

/** Whether a source's list is proven, under the trust that is configured. Nothing is written to a trust store.
 * @param chainId - The chain the source says it is on. */
export async function checkProof(
  source: { readonly url: string; readonly chainId: string | undefined },
  settings: DoctorSettings,
  ports: DoctorPorts,
): Promise<DoctorRow> {
  const { url: subject } = source
  const { proofs, allowPrivateHosts } = settings
  if (!proofs.verifyProofs) {
    const chainId = source.chainId ?? 'gonka-mainnet'
    const next = `set GONKA_TRUST to height:hash of a header that you know from a node of your own, and GONKA_CHAIN_ID (here ${chainId})`
    return warned('proof', { subject, detail: 'the list of participants is what the source says: unproven', next })
  }
  const { timeoutMs, fetch, now, signal } = ports
  try {
    const discovery = new EndpointDiscovery({
      ...proofs,
      trustStore: proofs.trustStore && readOnly(proofs.trustStore),
      sourceUrl: subject,
      allowPrivateHosts,
      retryCount: 0,
      timeoutMs,
      fetch,
      now,
    })
    const { epochId, trust, provenBy } = await discovery.discover({ signal })
    const detail = `epoch ${epochId} is proven by header ${provenBy?.height} (${provenBy?.hash}); trust: ${trust}`
    return passed('proof', { subject, detail })
  } catch (error) {
    signal?.throwIfAborted()
    const detail = error instanceof GonkaError ? `${error.code}: ${error.message}` : 'the proof could not be checked'
    return failed('proof', { subject, detail, next: DISTRUST })
  }
}

const DISTRUST =
  'do not use what this source lists; use another source, and compare GONKA_TRUST and GONKA_CHAIN_ID with a node of your own'

function readOnly(store: TrustStore): TrustStore {
  return { load: () => store.load(), save: async () => {} }
}
