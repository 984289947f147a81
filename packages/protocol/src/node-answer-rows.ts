import type { VerdictKind } from '@multiplexer/core/errors'

/** A row of the table: which answers it is for, and what they prove. */
export interface NodeAnswerRow {
  readonly status: number
  /** Matched against the node's error text, from its beginning where the node writes nothing before it: a text may quote the
   * request. */
  readonly text?: RegExp
  /** Only for pages, which come from the proxy in front of the node. */
  readonly html?: true
  readonly kind: VerdictKind
  /** What it means and what to do about it; quotes nothing of the answer. */
  readonly reason: string
  readonly forGood?: true
}

const USE_BROKERS = 'registerGonkaModels(mux, { brokers: [{ url, apiKey }] })'

/** The names of the list that `@multiplexer/gonka/brokers` exports. */
const BROKERS =
  'gonka24.com, proxy.gonka.gg, gonkagate.com, gate.joingonka.ai, router.gonkascan.com, gonka-api.org, gonkabroker.com, router.mingles.ai, console.hyperfusion.io, inference.dahl.global, openbroker.gonka.gg'

const NO_KEY =
  'the requester account is unknown or has no public key on chain; send it GNK, then publish the key with `inferenced publish-pubkey` or any other transaction of its own'

const BAD_TIME = "the timestamp is outside the node's window of block time (400); check the clock of this machine"

/** Reference, sections 5.5 and 5.6, by the number of the row there: texts that say more than their status does. First match
 * wins. A 400 or 422 that quotes the model server (21) is no row, the multiplexer's own table reads those; answers without a
 * known text (2, 23, 25, 26 and most of 5.6) are judged by their status alone, with their Retry-After. */
export const NODE_ANSWER_ROWS: readonly NodeAnswerRow[] = [
  // 1
  {
    status: 413,
    kind: 'invalid-request',
    reason: 'the request body is larger than nodes accept, 10 MiB (413); send less',
  },
  // 2, 3, 4, 7, 9
  {
    status: 400,
    text: /^(malformed request body|request body read cancelled|failed to read request body|invalid chat completion request:|messages is required|no model specified|messages\[)/i,
    kind: 'invalid-request',
    reason: 'the node refused the request itself (400); its answer says what to change',
  },
  // 5
  {
    status: 403,
    text: /^transfer agent not allowed/i,
    kind: 'unauthorized',
    reason:
      "the participant is not on the chain's list of allowed transfer agents (403); use another, or find them by sourceUrl",
  },
  // 6
  {
    status: 401,
    text: /^authorization is required/i,
    kind: 'invalid-request',
    reason: 'the request was not signed (401); send it through a signing fetch',
  },
  // 8
  {
    status: 403,
    text: /^inference requests are restricted until block height/i,
    kind: 'suspended',
    reason: `the requester account is not on the network's list of allowed developers (403); use another account, or a broker: ${USE_BROKERS}`,
  },
  // 8b, 12b
  {
    status: 503,
    text: /^unable to fetch (chain params|chain status|current epoch group data)/i,
    kind: 'unavailable',
    reason: 'the participant has lost its chain node (503)',
  },
  // 18, before 10: what the executor did is not about the account
  {
    status: 500,
    text: /^post "http/i,
    kind: 'unavailable',
    reason: 'the participant could not reach its executor (500)',
  },
  // 22, before 10: the model server may quote anything
  {
    status: 500,
    text: /^inference node response with an error/i,
    kind: 'unavailable',
    reason: 'the model server failed (500)',
  },
  // 10
  {
    status: 500,
    text: /account not found|account has no public key|nil pointer dereference/i,
    kind: 'suspended',
    reason: NO_KEY,
  },
  // 10b
  { status: 404, text: /^(account not found|inference participant not found)/i, kind: 'suspended', reason: NO_KEY },
  // 11: any participant can say so, and where one address is wrong the others are right: they are asked
  {
    status: 401,
    text: /^unable to validate request against pubkey/i,
    kind: 'unauthorized',
    reason:
      "the node refused the signature (401); check the private key, that the participant's address is the one in {node}/v1/identity, and scheme ('v1' for nodes before v0.2.6)",
  },
  // 12, 17
  {
    status: 404,
    text: /^model not found/i,
    kind: 'model-missing',
    reason: 'the model is not served here (404); mux.models.list() shows which ones there are',
  },
  // 13
  {
    status: 402,
    kind: 'suspended',
    reason: 'insufficient balance (402); fund the requester account: send GNK to its gonka1… address',
  },
  // 14, and the first of 19
  {
    status: 400,
    text: /^(signature is too old|signature is in the future|request timestamp is)/i,
    kind: 'unavailable',
    reason: BAD_TIME,
  },
  // 15, and the rest of 19
  {
    status: 400,
    text: /^(authkey has already been used|prompt hash (mismatch|is missing))/i,
    kind: 'unavailable',
    reason: 'the signature was already spent (400)',
  },
  // 16
  {
    status: 429,
    text: /^transfer agent capacity reached/i,
    kind: 'rate-limited',
    reason: 'the participant is at its capacity (429)',
  },
  // 17b, 20
  {
    status: 503,
    text: /^(no executors available for model|no inference nodes available)/i,
    kind: 'unavailable',
    reason: 'no executor of the network is free for this model at the moment (503)',
  },
  // 19b
  {
    status: 401,
    text: /^unable to validate request against transfersignature/i,
    kind: 'unavailable',
    reason: 'the executor refused the transfer agent (401)',
  },
  // 23
  { status: 503, html: true, kind: 'rate-limited', reason: "the node's proxy limits requests (503)" },
  // 24
  {
    status: 410,
    kind: 'suspended',
    reason: `this network retired signed requests (410); use a broker with an API key (${BROKERS}): ${USE_BROKERS}`,
    forGood: true,
  },
  // 5.6
  {
    status: 401,
    text: /^model .{0,256} requires an (admin )?API key/i,
    kind: 'unauthorized',
    reason: `this is a gateway that wants an API key (401), no participant; use it as a broker: ${USE_BROKERS}`,
  },
  {
    status: 308,
    kind: 'suspended',
    reason: 'the gateway was switched off (308); change the configured URL',
    forGood: true,
  },
]
