/** A kind of tree: the `iavl` tree of one store, or the `simple` tree of all stores' roots under the app hash. */
export type TreeSpec = 'iavl' | 'simple'

/** One step of a chained proof, as `proof_ops` of a node's answer holds it, with base64 decoded. Untrusted. */
export interface ProofOp {
  /** `ics23:iavl` for the first step, `ics23:simple` for the second. */
  readonly type: string
  /** What the server says the step is about. Compared with your key, never used in its place. */
  readonly key: Uint8Array
  /** Bytes of an ICS23 `CommitmentProof`, at most 1 MiB. */
  readonly data: Uint8Array
}
