import type { ActiveParticipant } from '@gonka/protocol'
import * as v from 'valibot'
import type { Epoch } from './parse-epoch.ts'
import { BundleSchema, ExclusionSchema, ParticipantSchema } from './schemas.ts'
import { SourceError } from './source-error.ts'
import type { Rejection } from './types.ts'

/** A node's answer about one epoch, in one dialect. What it says is not judged yet. */
export interface EpochBundle {
  readonly epochId: number
  /** Readable entries, in the order of the list. */
  readonly participants: readonly ActiveParticipant[]
  /** Entries that could not be read. */
  readonly malformed: readonly Rejection[]
  /** Addresses that the chain excluded in this epoch, lower case. */
  readonly excluded: ReadonlySet<string>
}

/** Reads the answer of a node about an epoch: either JSON dialect, mixtures of them, and the shape of early networks.
 * @param json - The answer; anything.
 * @param request.epoch - The epoch that was asked for; the answer must be about it.
 * @throws {SourceError} `discovery-answer-invalid` naming the field. */
export function parseBundle(json: unknown, request: { sourceUrl: string; epoch: Epoch }): EpochBundle {
  const parsed = v.safeParse(BundleSchema, json)
  if (!parsed.success) {
    const [issue] = parsed.issues
    const problem = issue.received === 'undefined' ? 'is missing' : `must be ${issue.expected ?? 'valid'}`
    throw invalid(request.sourceUrl, `${v.getDotPath(issue) ?? 'the answer'} ${problem}`)
  }
  const { active_participants: active, excluded_participants: exclusions } = parsed.output
  return {
    epochId: selectEpochId(active, request),
    ...parseEntries(active.participants),
    excluded: parseExclusions(exclusions),
  }
}

/** The number that was asked for stands in for an absent `epoch_id`; for `current`, the group id of early networks does. */
function selectEpochId(
  active: { epoch_id: bigint; epoch_group_id: bigint },
  request: { sourceUrl: string; epoch: Epoch },
): number {
  const { epoch, sourceUrl } = request
  const fallback = epoch === 'current' ? active.epoch_group_id : BigInt(epoch)
  const epochId = Number(active.epoch_id === 0n ? fallback : active.epoch_id)
  if (!Number.isSafeInteger(epochId) || epochId < 1)
    throw invalid(sourceUrl, `active_participants.epoch_id must be from 1 to 2^53 - 1; it is ${epochId}`)
  if (epoch !== 'current' && epochId !== epoch)
    throw invalid(sourceUrl, `active_participants.epoch_id must be ${epoch}, which was asked for; it is ${epochId}`)
  return epochId
}

function parseEntries(entries: readonly unknown[]): Pick<EpochBundle, 'participants' | 'malformed'> {
  const participants: ActiveParticipant[] = []
  const malformed: Rejection[] = []
  for (const entry of entries) {
    const { success, output } = v.safeParse(ParticipantSchema, entry)
    if (success) {
      const { index: address, validator_key: validatorKey, weight, inference_url: inferenceUrl, models } = output
      participants.push({ address, validatorKey, weight, inferenceUrl, models })
    } else malformed.push({ address: addressOf(entry), reason: 'entry-invalid' })
  }
  return { participants, malformed }
}

function addressOf(entry: unknown): string {
  const index = typeof entry === 'object' && entry !== null && 'index' in entry ? entry.index : ''
  return typeof index === 'string' ? index.slice(0, 64) : ''
}

/** Reads the addresses that a node calls excluded; what cannot be read excludes nobody.
 * @returns Addresses in lower case. */
export function parseExclusions(exclusions: readonly unknown[]): ReadonlySet<string> {
  const parsed = exclusions.map((exclusion) => v.safeParse(ExclusionSchema, exclusion))
  return new Set(parsed.flatMap(({ success, output }) => (success ? [output.address.toLowerCase()] : [])))
}

function invalid(sourceUrl: string, problem: string): SourceError {
  return new SourceError('discovery-answer-invalid', `${sourceUrl} gave no list of participants: ${problem}.`, {
    sourceUrl,
    statusCode: 200,
    retryable: true,
  })
}
