import { concatBytes } from '@noble/hashes/utils.js'
import { bytesField, integerField } from '../write-protobuf.ts'
import type { BlockId } from './types.ts'

/** `BlockID`, and `CanonicalBlockID` just the same. The part set header is written even when empty. */
export function encodeBlockId(id: BlockId | undefined): Uint8Array {
  if (id === undefined) return bytesField(2, new Uint8Array(0))
  const parts = concatBytes(integerField(1, id.parts.total), bytesField(2, id.parts.hash))
  return concatBytes(bytesField(1, id.hash), bytesField(2, parts))
}
