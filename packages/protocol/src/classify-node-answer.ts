import { createVerdict, type Verdict, type VerdictKind } from '@multiplexer/core/errors'

/** What a node or gateway answered, as far as the table needs it. */
export interface NodeAnswer {
  /** HTTP status. */
  readonly status: number
  /** Body as text; JSON, HTML or plain. */
  readonly bodyText: string
  /** `Content-Type` header. */
  readonly contentType?: string | undefined
}

interface Row {
  readonly status: number
  readonly text?: RegExp
  readonly html?: true
  readonly kind: VerdictKind
  readonly reason: string
  readonly forGood?: true
}

/** The names are some of the list that `@multiplexer/gonka/brokers` exports. */
const RETIRED_REASON =
  'this network retired signed requests (410); use a broker with an API key, such as gonka24.com, gonkagate.com or gonkabroker.com: registerGonkaModels(mux, { brokers: [{ url, apiKey }] })'

const NO_KEY_REASON =
  'the requester account is unknown or has no public key on chain; fund it and publish the key with one transaction of its own'

/** Reference, sections 5.5 and 5.6: the rows that say more than the status does. First match wins. `text` is matched against
 * the node's error text, from its beginning where the node writes nothing before it: a text may quote the request. */
const ROWS: readonly Row[] = [
  {
    status: 410,
    kind: 'suspended',
    reason: RETIRED_REASON,
    forGood: true,
  },
  {
    status: 308,
    kind: 'suspended',
    reason: 'the gateway was switched off and names a new URL (308); change the configured URL',
    forGood: true,
  },
  { status: 402, kind: 'suspended', reason: 'insufficient balance (402); fund the requester account' },
  {
    status: 500,
    text: /account not found|account has no public key|nil pointer dereference/i,
    kind: 'suspended',
    reason: NO_KEY_REASON,
  },
  {
    status: 404,
    text: /^(account not found|inference participant not found)/i,
    kind: 'suspended',
    reason: NO_KEY_REASON,
  },
  {
    status: 403,
    text: /^inference requests are restricted until block height/i,
    kind: 'suspended',
    reason: 'the requester account is not on the list of allowed developers (403)',
  },
  {
    status: 403,
    text: /^transfer agent not allowed/i,
    kind: 'unauthorized',
    reason: 'transfer agent not allowed (403)',
  },
  {
    status: 401,
    text: /^unable to validate request against transfersignature/i,
    kind: 'unavailable',
    reason: 'the executor refused the transfer agent (401)',
  },
  {
    status: 401,
    text: /^authorization is required/i,
    kind: 'invalid-request',
    reason: 'the request was not signed (401)',
  },
  {
    status: 400,
    text: /^(signature is too old|signature is in the future|request timestamp is)/i,
    kind: 'unavailable',
    reason: "the timestamp is outside the node's window of block time (400)",
  },
  {
    status: 400,
    text: /^(authkey has already been used|prompt hash (mismatch|is missing))/i,
    kind: 'unavailable',
    reason: 'the signature was already spent (400)',
  },
  { status: 404, text: /^model not found/i, kind: 'model-missing', reason: 'model not found (404)' },
  { status: 503, html: true, kind: 'rate-limited', reason: "the node's proxy limits requests (503)" },
]

/** Judges a refusal by a Gonka node or gateway where its text says more than its status.
 * @param answer - Status, body and content type of the refusal.
 * @returns The verdict, or undefined when the multiplexer's own table for the status is right. A verdict that holds for
 * good has `retryAfterMs: Infinity`.
 * @example const verdict = classifyNodeAnswer({ status: 410, bodyText: '{"error":"deprecated"}' }) // kind 'suspended'
 * @see Protocol reference, sections 5.5 and 5.6 */
export function classifyNodeAnswer(answer: NodeAnswer): Verdict | undefined {
  const row = ROWS.find((candidate) => matches(candidate, answer))
  if (!row) return undefined
  return createVerdict(row.kind, {
    reason: row.reason,
    ...(row.forGood ? { retryAfterMs: Number.POSITIVE_INFINITY } : {}),
  })
}

/** Tells whether a node refused a signature for a reason that a fresh timestamp and signature for the same node may cure.
 * @param answer - Status and body of the refusal; the first few KiB of the body are enough.
 * @example if (isResignable({ status: 400, bodyText: '{"error":"signature is too old"}' })) resync()
 * @see Protocol reference, section 5.5, rows 14, 15 and 19 (its prompt hash texts excepted: they are between nodes) */
export function isResignable(answer: Pick<NodeAnswer, 'status' | 'bodyText'>): boolean {
  return answer.status === 400 && RESIGNABLE.test(errorTextOf(answer.bodyText))
}

const RESIGNABLE =
  /^(signature is too old|signature is in the future|request timestamp is|authkey has already been used)/i

function matches(row: Row, answer: NodeAnswer): boolean {
  if (row.status !== answer.status) return false
  if (row.html && !isHtml(answer)) return false
  if (row.text === undefined) return true
  const text = errorTextOf(answer.bodyText)
  return !QUOTES_MODEL_SERVER.test(text) && row.text.test(text)
}

/** Row 21 and 22: what follows is the model server's text, and that may quote anything. */
const QUOTES_MODEL_SERVER = /^inference node response with an error/i

/** Nodes write `{"error":"text"}`, gateways `{"error":{"message":"text"}}`, proxies and old nodes plain text. */
function errorTextOf(bodyText: string): string {
  try {
    const { error } = JSON.parse(bodyText)
    const text = typeof error === 'string' ? error : error?.message
    return typeof text === 'string' ? text.trim() : ''
  } catch {
    return bodyText.trim()
  }
}

function isHtml({ bodyText, contentType = '' }: NodeAnswer): boolean {
  return contentType.includes('text/html') || /^\s*<(!doctype|html)/i.test(bodyText)
}
