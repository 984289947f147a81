import { createVerdict, type Verdict } from '@multiplexer/core/errors'
import { NODE_ANSWER_ROWS, type NodeAnswerRow } from './node-answer-rows.ts'
import { readErrorText } from './read-error-text.ts'
import { readNewUrl } from './read-new-url.ts'

/** What a node or gateway answered, as far as the table needs it. */
export interface NodeAnswer {
  /** HTTP status. */
  readonly status: number
  /** Body as text; JSON, HTML or plain, whole or its beginning. */
  readonly bodyText: string
  /** `Content-Type` header. */
  readonly contentType?: string | undefined
}

/** Judges a refusal by a Gonka node or gateway where its text says more than its status.
 * @param answer - Status, body and content type of the refusal.
 * @returns The verdict, or undefined when the multiplexer's own table for the status is right. A verdict that holds for
 * good has `retryAfterMs: Infinity`. Its reason says what to do and quotes nothing of the answer but, of a 308, the new URL
 * without what may be secret.
 * @example const verdict = classifyNodeAnswer({ status: 410, bodyText: '{"error":"deprecated"}' }) // kind 'suspended'
 * @see Protocol reference, sections 5.5 and 5.6 */
export function classifyNodeAnswer(answer: NodeAnswer): Verdict | undefined {
  const rows = NODE_ANSWER_ROWS.filter(({ status }) => status === answer.status)
  if (rows.length === 0) return undefined
  const text = readErrorText(answer.bodyText)
  const row = rows.find((candidate) => matches(candidate, answer, text))
  if (!row) return undefined
  const newUrl = row.status === 308 ? readNewUrl(answer.bodyText) : undefined
  return createVerdict(row.kind, {
    reason: newUrl === undefined ? row.reason : `${row.reason}: it names ${newUrl}`,
    ...(row.forGood ? { retryAfterMs: Number.POSITIVE_INFINITY } : {}),
  })
}

/** Tells whether a node refused a signature for a reason that a fresh timestamp and signature for the same node may cure.
 * @param answer - Status and body of the refusal; the first few KiB of the body are enough.
 * @example if (isResignable({ status: 400, bodyText: '{"error":"signature is too old"}' })) resync()
 * @see Protocol reference, section 5.5, rows 14, 15 and 19 (its prompt hash texts excepted: they are between nodes) */
export function isResignable(answer: Pick<NodeAnswer, 'status' | 'bodyText'>): boolean {
  return answer.status === 400 && RESIGNABLE.test(readErrorText(answer.bodyText))
}

const RESIGNABLE =
  /^(signature is too old|signature is in the future|request timestamp is|authkey has already been used)/i

function matches(row: NodeAnswerRow, answer: NodeAnswer, text: string): boolean {
  if (row.html) return isHtml(answer)
  return row.text === undefined || row.text.test(text)
}

/** A page is one by its own look; what neither looks like a page nor like JSON is one when its content type says so. */
function isHtml({ bodyText, contentType = '' }: NodeAnswer): boolean {
  const start = bodyText.trimStart()
  return start.startsWith('<') || (/\bhtml\b/i.test(contentType) && !/^[{[]/.test(start))
}
