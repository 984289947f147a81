/** How a leaf is hashed, as the proof says. */
export interface LeafOp {
  readonly hash: number
  readonly prehashKey: number
  readonly prehashValue: number
  readonly length: number
  readonly prefix: Uint8Array
}

/** How a node above the leaf is hashed, as the proof says: `hash(prefix || child || suffix)`. */
export interface InnerOp {
  readonly hash: number
  readonly prefix: Uint8Array
  readonly suffix: Uint8Array
}

/** A decoded proof that a key has a value. Nothing in it is trusted yet. */
export interface ExistenceProof {
  readonly key: Uint8Array
  readonly value: Uint8Array
  readonly leaf: LeafOp
  /** From the leaf to the root. */
  readonly path: readonly InnerOp[]
}

/** A decoded proof that a key is absent: the keys around it. Nothing in it is trusted yet. */
export interface NonExistenceProof {
  readonly key: Uint8Array
  readonly left: ExistenceProof | undefined
  readonly right: ExistenceProof | undefined
}
