/** Which block: its header's hash and the hash of its parts. */
export interface BlockId {
  readonly hash: Uint8Array
  readonly parts: { readonly total: number; readonly hash: Uint8Array }
}

/** A block header: the 14 fields of CometBFT. Hashes are 32 bytes, or empty. */
export interface Header {
  readonly version: { readonly block: number; readonly app: number }
  readonly chainId: string
  readonly height: number
  readonly timeNs: bigint
  /** undefined in the first block. */
  readonly lastBlockId: BlockId | undefined
  readonly lastCommitHash: Uint8Array
  readonly dataHash: Uint8Array
  readonly validatorsHash: Uint8Array
  readonly nextValidatorsHash: Uint8Array
  readonly consensusHash: Uint8Array
  /** State after the block before this one. */
  readonly appHash: Uint8Array
  readonly lastResultsHash: Uint8Array
  readonly evidenceHash: Uint8Array
  /** 20 bytes. */
  readonly proposerAddress: Uint8Array
}

/** A header with its id. */
export interface Block {
  readonly header: Header
  readonly id: BlockId
}

/** A member of the consensus set. */
export interface Validator {
  /** ed25519, 32 bytes. */
  readonly publicKey: Uint8Array
  /** 20 bytes. */
  readonly address: Uint8Array
  /** At least 1. */
  readonly power: number
  /** What its private key is derived with. */
  readonly keyLabel: string
}

/** How a validator voted: for the block, for none, or not at all. */
export type VoteFlag = 'commit' | 'nil' | 'absent'

/** One entry of a commit, at the place of its validator. */
export type CommitVote =
  | { readonly flag: 'absent' }
  | {
      readonly flag: 'commit' | 'nil'
      readonly address: Uint8Array
      readonly timeNs: bigint
      readonly signature: Uint8Array
    }

/** The votes that made a block final. */
export interface Commit {
  readonly height: number
  readonly round: number
  readonly blockId: BlockId
  readonly votes: readonly CommitVote[]
}
