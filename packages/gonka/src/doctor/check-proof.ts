import { EndpointDiscovery } from '@gonka/discovery'
import { GonkaError } from '@gonka/protocol'
import type { SourceFinding } from './check-source.ts'
import { failed, passed, skipped, warned } from './create-row.ts'
import type { DoctorSettings } from './read-settings.ts'
import { shadowStore } from './shadow-store.ts'
import type { DoctorPorts, DoctorRow } from './types.ts'

/** What is found out about a source's list. */
export interface ProofFinding {
  readonly row: DoctorRow
  /** The list, as far as an application would use it: where it must be proven and is not, nobody. */
  readonly list: Pick<SourceFinding, 'participants' | 'rejected'>
}

/** Whether a source's list is proven, under the trust that is configured. Nothing is written to a trust store.
 * @param source - What the source was found to be. */
export async function checkProof(
  source: SourceFinding,
  settings: DoctorSettings,
  ports: DoctorPorts,
): Promise<ProofFinding> {
  const { url: subject } = source
  const { proofs, allowPrivateHosts } = settings
  if (!source.answers)
    return { row: skipped('proof', { subject, detail: 'there is no list to look at' }), list: NOBODY }
  if (!proofs.verifyProofs) {
    const chainId = source.chainId ?? 'gonka-mainnet'
    const next = `set GONKA_TRUST to height:hash of a header that you know from a node of your own, and GONKA_CHAIN_ID (here ${chainId})`
    const detail = 'the list of participants is what the source says: unproven'
    return { row: warned('proof', { subject, detail, next }), list: source }
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
      transferAgents: [],
    })
    const { epochId, trust, provenBy, ...list } = await discovery.discover({ signal })
    const detail = `epoch ${epochId} is proven by header ${provenBy?.height} (${provenBy?.hash}); trust: ${trust}`
    return { row: passed('proof', { subject, detail }), list }
  } catch (error) {
    signal?.throwIfAborted()
    const problem = error instanceof GonkaError ? `${error.code}: ${error.message}` : 'the proof could not be checked'
    const detail = `${problem.replace(/\.$/, '')}; nobody whom it lists was asked`
    return { row: failed('proof', { subject, detail, next: DISTRUST }), list: NOBODY }
  }
}

const NOBODY: ProofFinding['list'] = { participants: [], rejected: [] }

const DISTRUST =
  'do not use what this source lists; use another source, and compare GONKA_TRUST and GONKA_CHAIN_ID with a node of your own'
