import { concatBytes } from '@noble/hashes/utils.js'
import { bytesField, fixed64Field, integerField, lengthPrefixed, textField } from '../write-protobuf.ts'
import { encodeBlockId } from './encode-block-id.ts'
import { encodeTimestamp } from './timestamp.ts'
import type { BlockId } from './types.ts'

/** A precommit to sign. */
export interface Vote {
  readonly chainId: string
  readonly height: number
  readonly round: number
  /** undefined votes for no block. */
  readonly blockId: BlockId | undefined
  readonly timeNs: bigint
}

const PRECOMMIT = 2

/** What a validator signs: the length-prefixed `CanonicalVote`.
 * @see Proof reference, section 3.1 */
export function voteSignBytes({ chainId, height, round, blockId, timeNs }: Vote): Uint8Array {
  return lengthPrefixed(
    concatBytes(
      integerField(1, PRECOMMIT),
      fixed64Field(2, height),
      fixed64Field(3, round),
      blockId ? bytesField(4, encodeBlockId(blockId)) : new Uint8Array(0),
      bytesField(5, encodeTimestamp(timeNs)),
      textField(6, chainId),
    ),
  )
}
