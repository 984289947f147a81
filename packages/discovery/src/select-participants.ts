import {
  type ActiveParticipant,
  createParticipant,
  GonkaConfigError,
  type GonkaParticipant,
  isModelId,
  isPrivateHost,
  parseAddress,
} from '@gonka/protocol'
import type { EpochBundle } from './parse-bundle.ts'
import type { Rejection, RejectionReason } from './types.ts'

/** Who may be among the participants. */
export interface SelectionRules {
  /** Addresses that may take requests, lower case; undefined means everyone. */
  readonly transferAgents: ReadonlySet<string> | undefined
  /** Which of these host names lead to private addresses; undefined lets private hosts pass, by name and by address. */
  readonly findPrivateNames: ((names: ReadonlySet<string>) => Promise<ReadonlySet<string>>) | undefined
}

/** A list, divided. */
export interface Selection {
  readonly participants: readonly GonkaParticipant[]
  readonly rejected: readonly Rejection[]
}

/** No URL of a host is longer; what is, was made to hurt. */
const MAX_URL_LENGTH = 2_048

/** No name of a host is longer, its final dot included. */
const MAX_HOST_LENGTH = 255

interface JudgedEntry {
  readonly entry: ActiveParticipant
  readonly judged: GonkaParticipant | Omit<Rejection, 'address'>
}

/** Divides a list into participants that requests may be sent to, and entries that are left out with the reason. */
export async function selectParticipants(bundle: EpochBundle, rules: SelectionRules): Promise<Selection> {
  const entries = bundle.participants.map((entry) => ({ entry, judged: judgeEntry(entry, bundle, rules) }))
  const checked = rules.findPrivateNames ? await refusePrivateNames(entries, rules.findPrivateNames) : entries
  const accepted = new Map<string, GonkaParticipant>()
  const rejected: Rejection[] = [...bundle.malformed]
  for (const { entry, judged } of checked) {
    const result = 'address' in judged && accepted.has(judged.address) ? ({ reason: 'duplicate' } as const) : judged
    if ('address' in result) accepted.set(result.address, result)
    else rejected.push({ address: entry.address.slice(0, 64), ...result })
  }
  return { participants: [...accepted.values()], rejected }
}

function judgeEntry(
  entry: ActiveParticipant,
  { epochId, excluded }: EpochBundle,
  rules: SelectionRules,
): JudgedEntry['judged'] {
  const participant = parseEntry(entry, epochId)
  if (typeof participant === 'string') return { reason: participant }
  if (excluded.has(participant.address)) return { reason: 'excluded' }
  if (rules.transferAgents && !rules.transferAgents.has(participant.address)) {
    return { reason: 'transfer-agent-not-allowed' }
  }
  const host = hostOf(participant)
  if (rules.findPrivateNames && isPrivateHost(host)) return { reason: 'host-refused', host: cut(host) }
  return participant
}

/** Divides participants that are known from elsewhere into those at public hosts and those at private ones. */
export async function selectPublicHosts(
  participants: readonly GonkaParticipant[],
  findPrivateNames: NonNullable<SelectionRules['findPrivateNames']>,
): Promise<Selection> {
  const names = await findPrivateNames(namesOf(participants))
  const accepted: GonkaParticipant[] = []
  const rejected: Rejection[] = []
  for (const participant of participants) {
    const host = hostOf(participant)
    const reason = isPrivateHost(host) ? 'host-refused' : names.has(host) ? 'host-resolves-private' : undefined
    if (reason === undefined) accepted.push(participant)
    else rejected.push({ address: participant.address, reason, host: cut(host) })
  }
  return { participants: accepted, rejected }
}

/** All names are looked up before one is judged: of an address that is listed twice, the first entry may fall. */
async function refusePrivateNames(
  entries: readonly JudgedEntry[],
  findPrivateNames: NonNullable<SelectionRules['findPrivateNames']>,
): Promise<readonly JudgedEntry[]> {
  const names = await findPrivateNames(namesOf(entries.flatMap(({ judged }) => ('address' in judged ? [judged] : []))))
  return entries.map(({ entry, judged }) => {
    if (!('address' in judged) || !names.has(hostOf(judged))) return { entry, judged }
    return { entry, judged: { reason: 'host-resolves-private', host: cut(hostOf(judged)) } }
  })
}

function namesOf(participants: readonly GonkaParticipant[]): ReadonlySet<string> {
  return new Set(participants.map(hostOf).filter((host) => !isIpAddress(host)))
}

function hostOf({ inferenceUrl }: GonkaParticipant): string {
  return new URL(inferenceUrl).hostname
}

/** URLs write addresses in one way only, and no name ends in a number. */
function isIpAddress(host: string): boolean {
  return host.startsWith('[') || /\.\d+$/.test(host)
}

function cut(host: string): string {
  return host.slice(0, MAX_HOST_LENGTH)
}

function parseEntry(entry: ActiveParticipant, epochId: number): GonkaParticipant | RejectionReason {
  if (entry.inferenceUrl.length > MAX_URL_LENGTH) return 'url-invalid'
  try {
    const address = parseAddress(entry.address)
    const models = [...new Set(entry.models.filter(isModelId))]
    return createParticipant({ ...entry, address, models, weight: toWeight(entry.weight), epochId })
  } catch (error) {
    if (!(error instanceof GonkaConfigError)) throw error
    return error.code === 'address-invalid' ? 'address-invalid' : 'url-invalid'
  }
}

/** The nearest weight that a number holds exactly enough: none below 0, none above 2^53 - 1. */
function toWeight(weight: bigint): number {
  return Math.min(Math.max(Number(weight), 0), Number.MAX_SAFE_INTEGER)
}
