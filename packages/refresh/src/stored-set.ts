import { createParticipant, type GonkaParticipant, redactUrl } from '@gonka/protocol'
import { StoreError } from './store-error.ts'
import type { SetProof, SourcedSet, StoredSet } from './types.ts'

/** Longest text that is written or read. A set of five hundred participants takes some 150 kB. */
export const MAX_STORED_BYTES: number = 16 * 1024 * 1024

const FORMAT = 1

/** Writes a set as text, without the participants that were configured by hand: those come from the configuration again.
 * @throws {StoreError} when the text is longer than `MAX_STORED_BYTES`. */
export function formatStoredSet(
  set: SourcedSet,
  { network, storedAtMs }: Pick<StoredSet, 'network' | 'storedAtMs'>,
): string {
  const { epochId, trust = 'none', provenBy = null } = set
  const sourceUrl = set.sourceUrl === undefined ? null : redactUrl(set.sourceUrl)
  const participants = set.participants.filter((each) => each.epochId === epochId).map(toEntry)
  const fields = {
    format: FORMAT,
    network,
    storedAtMs: Math.trunc(storedAtMs),
    epochId,
    sourceUrl,
    trust,
    provenBy,
    participants,
  }
  const text = `${JSON.stringify({ ...fields, checksum: checksumOf(JSON.stringify(fields)) })}\n`
  if (new TextEncoder().encode(text).length <= MAX_STORED_BYTES) return text
  throw new StoreError(`a set of ${participants.length} participants takes more than ${MAX_STORED_BYTES} bytes`)
}

/** Reads a set that `formatStoredSet` wrote. Nothing in the text is taken on trust: every participant is checked anew.
 * @returns The set; or the end of the sentence "the text …" when it is anything else, be it cut off or changed by one character. */
export function parseStoredSet(text: unknown): StoredSet | string {
  if (typeof text !== 'string') return `is a value of type ${typeof text}, not the text that was saved`
  if (text.length > MAX_STORED_BYTES) return `has ${text.length} characters; at most ${MAX_STORED_BYTES} bytes are read`
  const { checksum, ...fields } = parseObject(text)
  const { format } = fields
  if (typeof format === 'number' && format !== FORMAT) return `has format ${format}; this version reads ${FORMAT}`
  const whole = checksum === checksumOf(JSON.stringify(fields))
  return (whole ? readFields(fields) : undefined) ?? `has ${text.length} characters that are no stored set; ${DAMAGED}`
}

const DAMAGED = 'it was cut off or edited'

type Fields = Readonly<Record<string, unknown>>

function parseObject(text: string): Fields {
  try {
    return asObject(JSON.parse(text))
  } catch {
    return {}
  }
}

function asObject(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {}
}

/** A good checksum says only that the text is whole: who can write the store could write one to anything. */
function readFields({ network, storedAtMs, epochId, sourceUrl, trust, ...rest }: Fields): StoredSet | undefined {
  const participants = readParticipants(rest.participants, epochId)
  const provenBy = rest.provenBy === null ? undefined : readProof(rest.provenBy)
  if (!participants || (rest.provenBy !== null && !provenBy)) return undefined
  if (typeof network !== 'string' || !isTime(storedAtMs) || !isCount(epochId)) return undefined
  if (sourceUrl !== null && typeof sourceUrl !== 'string') return undefined
  // A list is proven under a header, or it is not proven.
  if (!isTrust(trust) || (trust === 'none') !== (provenBy === undefined)) return undefined
  const source = sourceUrl === null ? undefined : redactUrl(sourceUrl)
  return { network, storedAtMs, epochId, sourceUrl: source, trust, provenBy, participants }
}

function readParticipants(entries: unknown, epochId: unknown): readonly GonkaParticipant[] | undefined {
  if (!Array.isArray(entries) || entries.length === 0) return undefined
  try {
    const participants = entries.map((entry: unknown) => fromEntry(asObject(entry), epochId))
    const addresses = new Set(participants.map(({ address }) => address))
    return addresses.size === participants.length ? Object.freeze(participants) : undefined
  } catch {
    return undefined
  }
}

function toEntry({ address, inferenceUrl, weight, models, validatorKey }: GonkaParticipant): object {
  return { address, inferenceUrl, weight, models, validatorKey }
}

/** Nothing is left to defaults: what we wrote has every field. */
function fromEntry(
  { address, inferenceUrl, weight, models, validatorKey }: Fields,
  epochId: unknown,
): GonkaParticipant {
  const entry = { address, inferenceUrl, weight, models, validatorKey, epochId }
  if (Object.values(entry).includes(undefined)) throw new TypeError('a field is missing')
  return createParticipant(entry as Parameters<typeof createParticipant>[0])
}

function readProof(value: unknown): SetProof | undefined {
  const { height, hash, timeMs } = asObject(value)
  const valid = isCount(height) && isTime(timeMs) && typeof hash === 'string' && /^[0-9a-f]{64}$/.test(hash)
  return valid ? { height, hash, timeMs } : undefined
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

/** A `Date` of anything later cannot be shown. */
function isTime(value: unknown): value is number {
  return isCount(value) && value <= MAX_DATE_MS
}

const MAX_DATE_MS = 8.64e15

function isTrust(value: unknown): value is StoredSet['trust'] {
  return value === 'anchored' || value === 'agreed' || value === 'first-use' || value === 'none'
}

/** FNV-1a: it finds accidents, and any change of a single character; not forgers, who could write a good one. */
function checksumOf(text: string): string {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return (hash >>> 0).toString(16).padStart(8, '0')
}
