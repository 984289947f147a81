/** A registered host in an epoch's active set: receives requests, as transfer agent, at `inferenceUrl`. */
export interface GonkaParticipant {
  /** Account address, `gonka1…`; the transfer address that a request to this participant is signed for. */
  readonly address: string
  /** The host's URL as the chain has it, without a trailing slash; `/v1` is not part of it. */
  readonly inferenceUrl: string
  /** Share of the network's compute, >= 0; used to sample. 0 when the chain gives none. */
  readonly weight: number
  /** Model ids that it serves in this epoch; empty means none. */
  readonly models: readonly string[]
  /** Consensus key, base64 of 32 ed25519 bytes; empty when unknown. */
  readonly validatorKey: string
  /** Epoch of the active set it belongs to; 0 when it was configured by hand. */
  readonly epochId: number
  /** Where the OpenAI-compatible API is: `inferenceUrl` with `/v1`. */
  readonly baseUrl: string
}

/** The participants of one epoch, as a source gives them and a pool takes them. */
export interface ParticipantSet {
  /** The epoch; 0 when the participants were configured by hand. */
  readonly epochId: number
  /** Whom requests may be sent to; no address twice. */
  readonly participants: readonly GonkaParticipant[]
}
