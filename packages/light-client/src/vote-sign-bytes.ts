import { concatBytes } from './bytes.ts'
import { encodeBlockId } from './encode-block-id.ts'
import {
  bytesField,
  encodeText,
  encodeTimestamp,
  encodeVarint,
  intField,
  messageField,
  sfixed64Field,
} from './encode-protobuf.ts'
import type { BlockId } from './types.ts'

/** Kind of a vote that enters a commit. */
const PRECOMMIT = 2

/** One vote, without who cast it: that is not signed. */
export interface Vote {
  /** Id of the chain, as its headers have it. */
  readonly chainId: string
  /** Height of the block voted on. */
  readonly height: bigint
  /** Which attempt at that height, from 0. */
  readonly round: number
  /** The block voted for; undefined for a nil vote. */
  readonly blockId: BlockId | undefined
  /** When this validator voted, in nanoseconds since the Unix epoch. */
  readonly timeNs: bigint
  /** 0 unknown, 1 prevote, 2 precommit. @default 2 */
  readonly type?: number | undefined
}

/** Builds the bytes that a validator signs.
 * @param vote - The vote; its time must be exact to the nanosecond.
 * @returns A `CanonicalVote` with its length in front.
 * @example const message = voteSignBytes({ chainId: 'gonka-mainnet', height: 7n, round: 0, blockId, timeNs })
 * @see CometBFT, types/canonical.go, `CanonicalizeVote` */
export function voteSignBytes(vote: Vote): Uint8Array {
  const { chainId, height, round, blockId, timeNs, type = PRECOMMIT } = vote
  const message = concatBytes(
    intField(1, BigInt(type)),
    sfixed64Field(2, height),
    sfixed64Field(3, BigInt(round)),
    blockId ? messageField(4, encodeBlockId(blockId)) : new Uint8Array(0),
    messageField(5, encodeTimestamp(timeNs)),
    bytesField(6, encodeText(chainId)),
  )
  return concatBytes(encodeVarint(BigInt(message.length)), message)
}
