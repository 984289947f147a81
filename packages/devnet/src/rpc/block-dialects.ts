import { encodeBech32 } from '@gonka/protocol'
import { bytesToHex } from '@noble/hashes/utils.js'
import type { VoteFlag } from '../consensus/types.ts'
import { toBase64 } from '../derive.ts'

/** How headers and commits are written as JSON.
 * @see Proof reference, section 3.4 */
export interface BlockDialect {
  readonly integer: (value: number) => number | string
  readonly hash: (bytes: Uint8Array) => string
  readonly proposer: (address: Uint8Array) => string
  readonly parts: 'parts' | 'part_set_header'
  readonly flag: (flag: VoteFlag) => number | string
}

const FLAG_NUMBERS = { absent: 1, commit: 2, nil: 3 } as const
const FLAG_NAMES = {
  absent: 'BLOCK_ID_FLAG_ABSENT',
  commit: 'BLOCK_ID_FLAG_COMMIT',
  nil: 'BLOCK_ID_FLAG_NIL',
} as const

/** The chain's RPC: integers as text, hashes in upper-case hex. */
export const RPC_DIALECT: BlockDialect = {
  integer: String,
  hash: toHex,
  proposer: toHex,
  parts: 'parts',
  flag: (flag) => FLAG_NUMBERS[flag],
}

/** The node API up to v0.2.14: the same, with numbers. */
export const NUMBERS_DIALECT: BlockDialect = { ...RPC_DIALECT, integer: (value) => value }

/** The node API in v0.2.15: proto JSON of the SDK's block. */
export const SDK_DIALECT: BlockDialect = {
  integer: String,
  hash: toBase64,
  proposer: (address) => encodeBech32('gonkavalcons', address),
  parts: 'part_set_header',
  flag: (flag) => FLAG_NAMES[flag],
}

/** Upper-case hex, as CometBFT writes bytes. */
export function toHex(bytes: Uint8Array): string {
  return bytesToHex(bytes).toUpperCase()
}
