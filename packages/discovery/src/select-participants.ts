import {
  type ActiveParticipant,
  createParticipant,
  GonkaConfigError,
  type GonkaParticipant,
  isPrivateHost,
  parseAddress,
} from '@gonka/protocol'
import type { EpochBundle } from './parse-bundle.ts'
import type { Rejection, RejectionReason } from './types.ts'

/** Who may be among the participants. */
export interface SelectionRules {
  /** Whether hosts that are loopback, private or link-local pass. */
  readonly allowPrivateHosts: boolean
  /** Addresses that may take requests, lower case; undefined means everyone. */
  readonly transferAgents: ReadonlySet<string> | undefined
}

/** No URL of a host is longer; what is, was made to hurt. */
const MAX_URL_LENGTH = 2_048

/** Divides a list into participants that requests may be sent to, and entries that are left out with the reason. */
export function selectParticipants(
  bundle: EpochBundle,
  rules: SelectionRules,
): { participants: GonkaParticipant[]; rejected: Rejection[] } {
  const accepted = new Map<string, GonkaParticipant>()
  const rejected: Rejection[] = [...bundle.malformed]
  for (const entry of bundle.participants) {
    const judged = judgeEntry(entry, bundle, rules)
    const result = typeof judged !== 'string' && accepted.has(judged.address) ? 'duplicate' : judged
    if (typeof result === 'string') rejected.push({ address: entry.address.slice(0, 64), reason: result })
    else accepted.set(result.address, result)
  }
  return { participants: [...accepted.values()], rejected }
}

function judgeEntry(
  entry: ActiveParticipant,
  { epochId, excluded }: EpochBundle,
  rules: SelectionRules,
): GonkaParticipant | RejectionReason {
  const participant = parseEntry(entry, epochId)
  if (typeof participant === 'string') return participant
  const { address, inferenceUrl } = participant
  if (excluded.has(address)) return 'excluded'
  if (rules.transferAgents && !rules.transferAgents.has(address)) return 'transfer-agent-not-allowed'
  if (!rules.allowPrivateHosts && isPrivateHost(new URL(inferenceUrl).hostname)) return 'host-refused'
  return participant
}

function parseEntry(entry: ActiveParticipant, epochId: number): GonkaParticipant | RejectionReason {
  if (entry.inferenceUrl.length > MAX_URL_LENGTH) return 'url-invalid'
  try {
    const address = parseAddress(entry.address)
    return createParticipant({ ...entry, address, weight: toWeight(entry.weight), epochId })
  } catch (error) {
    if (!(error instanceof GonkaConfigError)) throw error
    return error.code === 'address-invalid' ? 'address-invalid' : 'url-invalid'
  }
}

/** The nearest weight that a number holds exactly enough: none below 0, none above 2^53 - 1. */
function toWeight(weight: bigint): number {
  return Math.min(Math.max(Number(weight), 0), Number.MAX_SAFE_INTEGER)
}
