/** The id of a block: its header hash and the parts it was gossiped in. All empty before the first block. */
export interface BlockId {
  /** Header hash, 32 bytes, or none. */
  readonly hash: Uint8Array
  /** Number of parts, 0 to 2^32 - 1. */
  readonly partsTotal: number
  /** Merkle root of the parts, 32 bytes, or none. */
  readonly partsHash: Uint8Array
}

/** A block header of CometBFT 0.34 to 0.38: the 14 fields that its hash covers. */
export interface Header {
  /** Versions of the block format, 11 in all of these, and of the application. */
  readonly version: { readonly block: bigint; readonly app: bigint }
  /** 1 to 50 bytes. */
  readonly chainId: string
  /** From 1 up. */
  readonly height: bigint
  /** Nanoseconds since the Unix epoch; negative before 1970. */
  readonly timeNs: bigint
  /** The block before; empty at the first height. */
  readonly lastBlockId: BlockId
  /** Hash of the votes on the block before. */
  readonly lastCommitHash: Uint8Array
  /** Hash of the transactions. */
  readonly dataHash: Uint8Array
  /** Hash of the set that signs this block. */
  readonly validatorsHash: Uint8Array
  /** Hash of the set that signs the next block. */
  readonly nextValidatorsHash: Uint8Array
  /** Hash of the consensus parameters. */
  readonly consensusHash: Uint8Array
  /** Root of the application state after the block before this one. */
  readonly appHash: Uint8Array
  /** Hash of what the transactions before this block gave. */
  readonly lastResultsHash: Uint8Array
  /** Hash of the reported double votes. */
  readonly evidenceHash: Uint8Array
  /** 20 bytes. */
  readonly proposerAddress: Uint8Array
}

/** What one validator did: voted for the block, voted for no block, or was not heard in time. */
export interface CommitSignature {
  /** `commit` for the block, `nil` for none, `absent` when not heard in time. Only `commit` counts. */
  readonly vote: 'commit' | 'nil' | 'absent'
  /** 20 bytes; empty when absent. */
  readonly validatorAddress: Uint8Array
  /** Nanoseconds since the Unix epoch at which this validator voted; that of the beginning of year 1 when absent. */
  readonly timeNs: bigint
  /** Ed25519, 64 bytes; empty when absent. */
  readonly signature: Uint8Array
}

/** The votes on one block, in the order of its validator set. */
export interface Commit {
  /** Height of the block voted on. */
  readonly height: bigint
  /** Which attempt at that height, from 0. */
  readonly round: number
  /** The block voted on. */
  readonly blockId: BlockId
  /** One entry for each member of the set, in its order. */
  readonly signatures: readonly CommitSignature[]
}

/** A header and the votes on it; nothing is checked yet. */
export interface SignedHeader {
  /** What is signed, by way of its hash. */
  readonly header: Header
  /** The votes on it. */
  readonly commit: Commit
}

/** A member of a validator set. */
export interface Validator {
  /** First 20 bytes of the key's SHA-256. */
  readonly address: Uint8Array
  /** Ed25519 public key, 32 bytes. */
  readonly publicKey: Uint8Array
  /** Above 0. */
  readonly votingPower: bigint
}

/** Everything that is needed to check one block; nothing of it is trusted. */
export interface LightBlock extends SignedHeader {
  /** The set that signs this block, in the chain's order. */
  readonly validators: readonly Validator[]
  /** The set that signs the next block. Needed only to skip onwards from this block. */
  readonly nextValidators?: readonly Validator[] | undefined
}

/** A header that is trusted, and what is needed to trust later ones. */
export interface TrustedState {
  /** The header; its fields may be relied on. */
  readonly header: Header
  /** Hash of `header`, 32 bytes. */
  readonly hash: Uint8Array
  /** The set behind `header.nextValidatorsHash`, once known. Needed to skip; not needed for the next height. */
  readonly nextValidators?: readonly Validator[] | undefined
  /** Hash of the header from which all this trust stems: the one that the caller named. */
  readonly anchorHash: Uint8Array
}

/** Share of a trusted set's power that must have signed a later header, from 1/3 to 1. */
export interface TrustLevel {
  /** At least a third of `denominator`, at most all of it. */
  readonly numerator: bigint
  /** Above 0. */
  readonly denominator: bigint
}

/** A signature and what it should be about. */
export interface Ed25519Input {
  /** 32 bytes. */
  readonly publicKey: Uint8Array
  /** What is signed, any length. */
  readonly message: Uint8Array
  /** 64 bytes. */
  readonly signature: Uint8Array
}

/** Says whether an Ed25519 signature is good by the rules of ZIP-215, which are those of the chain. */
export type Ed25519Verify = (input: Ed25519Input) => boolean

/** Options of a call that waits. */
export interface CallOptions {
  /** Ends the call; it rejects with `signal.reason`. */
  readonly signal?: AbortSignal | undefined
}

/** Where blocks come from. Nothing that it says is believed. It should end its calls itself: without a signal, a caller waits
 * as long as it takes. */
export interface BlockSource {
  /** The header and commit of a height, or of the newest block. */
  signedHeader(height: bigint | 'latest', options?: CallOptions): Promise<SignedHeader>
  /** The whole set that signs the block of a height. */
  validators(height: bigint, options?: CallOptions): Promise<readonly Validator[]>
}

/** Where the newest trusted state outlives the process. What it holds is trusted: keep it where only you can write. */
export interface TrustStore {
  /** The state saved last; undefined when there is none. */
  load(): Promise<TrustedState | undefined>
  /** Replaces what was saved before. */
  save(state: TrustedState): Promise<void>
}

/** The platform's `fetch`, or one that looks like it. */
export type FetchLike = (url: string, init?: RequestInit) => Promise<Response>
