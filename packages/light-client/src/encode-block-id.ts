import { concatBytes } from './bytes.ts'
import { bytesField, intField, messageField } from './encode-protobuf.ts'
import type { BlockId } from './types.ts'

/** A block id as headers and votes hold it; the part set is written even when it is empty. */
export function encodeBlockId({ hash, partsTotal, partsHash }: BlockId): Uint8Array {
  const parts = concatBytes(intField(1, BigInt(partsTotal)), bytesField(2, partsHash))
  return concatBytes(bytesField(1, hash), messageField(2, parts))
}
