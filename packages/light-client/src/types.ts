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
  readonly version: { readonly block: bigint; readonly app: bigint }
  readonly chainId: string
  readonly height: bigint
  /** Nanoseconds since the Unix epoch; negative before 1970. */
  readonly timeNs: bigint
  readonly lastBlockId: BlockId
  readonly lastCommitHash: Uint8Array
  readonly dataHash: Uint8Array
  /** Hash of the set that signs this block. */
  readonly validatorsHash: Uint8Array
  /** Hash of the set that signs the next block. */
  readonly nextValidatorsHash: Uint8Array
  readonly consensusHash: Uint8Array
  /** Root of the application state after the block before this one. */
  readonly appHash: Uint8Array
  readonly lastResultsHash: Uint8Array
  readonly evidenceHash: Uint8Array
  /** 20 bytes. */
  readonly proposerAddress: Uint8Array
}

/** What one validator did: voted for the block, voted for no block, or was not heard in time. */
export interface CommitSignature {
  readonly vote: 'commit' | 'nil' | 'absent'
  /** 20 bytes; empty when absent. */
  readonly validatorAddress: Uint8Array
  /** Nanoseconds since the Unix epoch at which this validator voted; {@link ZERO_TIME_NS} when absent. */
  readonly timeNs: bigint
  /** Ed25519, 64 bytes; empty when absent. */
  readonly signature: Uint8Array
}

/** The votes on one block, in the order of its validator set. */
export interface Commit {
  readonly height: bigint
  readonly round: number
  readonly blockId: BlockId
  readonly signatures: readonly CommitSignature[]
}

/** A header and the votes on it; nothing is checked yet. */
export interface SignedHeader {
  readonly header: Header
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
  readonly numerator: bigint
  readonly denominator: bigint
}

/** A signature and what it should be about. */
export interface Ed25519Input {
  /** 32 bytes. */
  readonly publicKey: Uint8Array
  readonly message: Uint8Array
  /** 64 bytes. */
  readonly signature: Uint8Array
}

/** Says whether an Ed25519 signature is good by the rules of ZIP-215, which are those of the chain. */
export type Ed25519Verify = (input: Ed25519Input) => boolean

/** Options of a call that waits. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined
}

/** Where blocks come from. Nothing that it says is believed. */
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
  save(state: TrustedState): Promise<void>
}

/** The platform's `fetch`, or one that looks like it. */
export type FetchLike = (url: string, init?: RequestInit) => Promise<Response>
