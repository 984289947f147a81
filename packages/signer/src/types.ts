/** Something that can sign for one Gonka account: a key in memory, a KMS, hardware, a browser wallet. */
export interface Signer {
  /** Account address of the key, `gonka1…`; sent as `X-Requester-Address`. */
  readonly address: string
  /** Signs a digest with ECDSA over secp256k1.
   * @param digest - sha256 of the signed bytes, 32 bytes; must not be hashed again.
   * @returns r then s, 32 bytes each, big-endian. A high s is turned into its low twin by `signRequest`. */
  sign(digest: Uint8Array): Promise<Uint8Array>
}

/** Where timestamps come from. Give the same clock to everything that signs with one key. */
export interface Clock {
  /** Nanoseconds since the Unix epoch, never the same twice: a node takes a signature once. Greater than every value returned
   * before, except after a `resync` that found the time to be earlier: then from there on, else nodes would refuse it. */
  nowNs(): bigint
  /** Called before the one re-sign after a node refused a timestamp; a clock that follows the chain measures again here.
   * A rejection is ignored: the node's answer to the re-signed request tells what is wrong.
   * @param signal - Ends the wait; and the measurement, unless another caller waits for it. */
  resync(signal?: AbortSignal): Promise<void>
}

/** What is signed: `v2` the sha256 of the body in hex (nodes since v0.2.6), `v1` the body itself (nodes before). */
export type SignatureScheme = 'v1' | 'v2'

/** The part of the platform's `fetch` that this package calls and offers. */
export type FetchLike = (input: string | URL | Request, init?: RequestInit) => Promise<Response>
