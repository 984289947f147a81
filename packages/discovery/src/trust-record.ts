import { formatTrustedState, parseTrustedState, type TrustedState } from '@gonka/light-client'
import * as v from 'valibot'

/** What is remembered from one verified list to the next. */
export interface TrustRecord {
  /** The chain it is about. */
  readonly chainId: string
  /** The newest epoch that was proven to be in force; 0 before the first. */
  readonly epochId: number
  /** The newest trusted header; undefined where trust does not grow from header to header. */
  readonly state?: TrustedState | undefined
}

const FORMAT = 1

const RecordSchema = /* @__PURE__ */ v.object({
  format: v.literal(FORMAT),
  chainId: v.string(),
  epochId: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  state: v.nullable(v.string()),
  checksum: v.string(),
})

/** Writes a record as text. */
export function formatTrustRecord({ chainId, epochId, state }: TrustRecord): string {
  const fields = { format: FORMAT, chainId, epochId, state: state ? formatTrustedState(state) : null }
  return `${JSON.stringify({ ...fields, checksum: checksumOf(JSON.stringify(fields)) })}\n`
}

/** Reads a record that {@link formatTrustRecord} wrote.
 * @returns The record; undefined when the text is anything else, be it cut off or changed by a single character. */
export function parseTrustRecord(text: string): TrustRecord | undefined {
  try {
    const { checksum, ...fields } = v.parse(RecordSchema, JSON.parse(text))
    if (checksum !== checksumOf(JSON.stringify(fields))) return undefined
    const { chainId, epochId, state } = fields
    return { chainId, epochId, state: state === null ? undefined : parseTrustedState(state) }
  } catch {
    return undefined
  }
}

/** CRC-32: it finds accidents, not forgers. Who can write the store could write a good checksum, and is trusted anyway. */
function checksumOf(text: string): string {
  let crc = 0xffffffff
  for (const byte of new TextEncoder().encode(text)) crc = (crc >>> 8) ^ (CRC_TABLE[(crc ^ byte) & 0xff] ?? 0)
  return (~crc >>> 0).toString(16).padStart(8, '0')
}

const CRC_TABLE: Uint32Array = /* @__PURE__ */ createCrcTable()

function createCrcTable(): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
    return crc
  })
}
