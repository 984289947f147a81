/** Paths of a node, below its URL. Node API paths begin with `/v1`, chain paths with `/chain-api` or `/chain-rpc`. */
export const PATHS = {
  /** @param epoch - `current` or a decimal epoch number. */
  participants: (epoch: string): string => `/v1/epochs/${encodeURIComponent(epoch)}/participants`,
  account: (address: string): string => `/v1/participants/${encodeURIComponent(address)}`,
  chatCompletions: '/v1/chat/completions',
  completions: '/v1/completions',
  models: '/v1/models',
  identity: '/v1/identity',
  status: '/v1/status',
  inferenceParams: '/chain-api/productscience/inference/inference/params',
  chainStatus: '/chain-rpc/status',
} as const

/** Names of the headers that a signed request carries, as the reference spells them. */
export const HEADERS = {
  /** The bare base64 signature, without a scheme. */
  authorization: 'Authorization',
  /** Account that signs and pays. */
  requesterAddress: 'X-Requester-Address',
  /** Decimal nanoseconds since the Unix epoch. */
  timestamp: 'X-Timestamp',
} as const

/** Headers that only nodes send to each other. A client that sends one changes what its signature is checked against. */
export const NODE_ONLY_HEADERS: readonly string[] = [
  'x-transfer-address',
  'x-inference-id',
  'x-seed',
  'x-ta-signature',
  'x-prompt-hash',
  'x-validator-address',
  'x-epoch-id',
]
