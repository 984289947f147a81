import { concatBytes } from '@noble/hashes/utils.js'
import { integerField } from '../write-protobuf.ts'

const NS_PER_SECOND = 1_000_000_000n

/** `google.protobuf.Timestamp`. */
export function encodeTimestamp(timeNs: bigint): Uint8Array {
  const { seconds, nanos } = splitTime(timeNs)
  return concatBytes(integerField(1, seconds), integerField(2, nanos))
}

/** RFC 3339 as Go writes it: up to nine digits, without zeros at the end. */
export function formatTime(timeNs: bigint): string {
  const { seconds, nanos } = splitTime(timeNs)
  const whole = new Date(Number(seconds) * 1_000).toISOString().slice(0, -5)
  const fraction = String(nanos).padStart(9, '0').replace(/0+$/, '')
  return `${whole}${fraction === '' ? '' : `.${fraction}`}Z`
}

/** Nanoseconds are never negative, also before 1970. */
function splitTime(timeNs: bigint): { readonly seconds: bigint; readonly nanos: bigint } {
  const nanos = ((timeNs % NS_PER_SECOND) + NS_PER_SECOND) % NS_PER_SECOND
  return { seconds: (timeNs - nanos) / NS_PER_SECOND, nanos }
}
