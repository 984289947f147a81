import { EndpointDiscovery } from '@gonka/discovery'
import { GonkaError } from '@gonka/protocol'
import type { SourceFinding } from './check-source.ts'
import { failed, passed, skipped, warned } from './create-row.ts'
import type { DoctorSettings } from './read-settings.ts'
import { shadowStore } from './shadow-store.ts'
import type { DoctorPorts, DoctorRow } from './types.ts'

/** Whether a source's list is proven, under the trust that is configured. Nothing is written to a trust store.
 * @param source - What the source was found to be. */
export async function checkProof(
  source: Pick<SourceFinding, 'url' | 'chainId' | 'answers'>,
  settings: DoctorSettings,
  ports: DoctorPorts,
): Promise<DoctorRow> {
  const { url: subject } = source
  const { proofs, allowPrivateHosts } = settings
  if (!source.answers) return skipped('proof', { subject, detail: 'there is no list to look at' })
  if (!proofs.verifyProofs) {
    const chainId = source.chainId ?? 'gonka-mainnet'
    const next = `set GONKA_TRUST to height:hash of a header that you know from a node of your own, and GONKA_CHAIN_ID (here ${chainId})`
    return warned('proof', { subject, detail: 'the list of participants is what the source says: unproven', next })
  }
  const { signal, ...own } = ports
  try {
    const discovery = new EndpointDiscovery({
      ...proofs,
      trustStore: proofs.trustStore && shadowStore(proofs.trustStore),
      sourceUrl: subject,
      allowPrivateHosts,
      retryCount: 0,
      ...own,
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
