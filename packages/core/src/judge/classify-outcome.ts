import { containRejection } from '../contain-rejection.ts'
import type { AttemptOutcome, Classify } from '../types.ts'
import { createVerdict, isVerdict, type Verdict, type VerdictKind } from '../verdict.ts'
import { errorReason } from './error-reason.ts'
import { parseRetryAfter } from './parse-retry-after.ts'
import { parseUpstreamError, type UpstreamError } from './upstream-error.ts'

/** An outcome with what the table needs besides. */
export interface JudgedOutcome extends AttemptOutcome {
  /** Present time in milliseconds, for dates in `Retry-After`. */
  readonly nowMs: number
}

/** Judges an attempt that did not end in a complete answer: the member's own rows first, then the default table.
 * @param outcome - Status, headers and body of a refusal, or the transport's error.
 * @param classify - The member's own rows. What they throw is ignored, and so is what is no verdict: a broken row must
 * not lose the call. */
export function classifyFailure(outcome: JudgedOutcome, classify?: Classify): Verdict {
  return judgeFailure(outcome, classify).verdict
}

/** The same, and whether the verdict is one of the member's own rows. */
export function judgeFailure(outcome: JudgedOutcome, classify?: Classify): { verdict: Verdict; isOwn: boolean } {
  const own = ownVerdict(outcome, classify)
  return own ? { verdict: own, isOwn: true } : { verdict: defaultVerdict(outcome), isOwn: false }
}

function ownVerdict(outcome: JudgedOutcome, classify: Classify | undefined): Verdict | undefined {
  try {
    const verdict: unknown = classify?.(outcome)
    containRejection(verdict)
    return isVerdict(verdict) ? withRetryAfter(verdict, outcome) : undefined
  } catch {
    return undefined
  }
}

/** A row says what an answer means; how long the answer asks to wait is read from its headers unless the row says that, too. */
function withRetryAfter(verdict: Verdict, { headers, nowMs }: JudgedOutcome): Verdict {
  const rests = verdict.kind === 'rate-limited' || verdict.kind === 'unavailable'
  if (!rests || verdict.retryAfterMs !== undefined) return verdict
  const retryAfterMs = parseRetryAfter(headers, nowMs)
  return retryAfterMs === undefined ? verdict : { ...verdict, retryAfterMs }
}

function defaultVerdict(outcome: JudgedOutcome): Verdict {
  const { status, headers, nowMs } = outcome
  if (status === undefined) return createVerdict('unavailable', { reason: errorReason(outcome.error) })
  const error = parseUpstreamError(outcome.bodyText)
  const reason = `HTTP ${status}${error.code ? ` ${error.code}` : ''}`
  const retryAfterMs = parseRetryAfter(headers, nowMs)
  if (status === 429 || status === 529) return createVerdict('rate-limited', { reason, retryAfterMs })
  if (status < 300) return verdictOfErrorBody(error, retryAfterMs)
  if (status >= 500 || status === 408) return createVerdict('unavailable', { reason, retryAfterMs })
  if (status < 400) return createVerdict('unavailable', { reason: `redirect refused (HTTP ${status})` })
  const kind = kindOfRefusal(status, error)
  if (kind === 'invalid-request' && isBroken(outcome.bodyText)) {
    return createVerdict('unavailable', { reason: `HTTP ${status} with a broken body` })
  }
  return createVerdict(kind, { reason })
}

/** Whether a refusal's JSON is cut off or garbled: it cannot show that the request is at fault. What fills the part of the body
 * that is looked at was perhaps cut by us. */
function isBroken(bodyText = ''): boolean {
  if (!bodyText.trimStart().startsWith('{') || bodyText.length >= SEEN_LENGTH) return false
  try {
    JSON.parse(bodyText)
    return false
  } catch {
    return true
  }
}

/** A refusal that came with a success status, as a body or as an event of a stream. */
export function verdictOfErrorBody(error: UpstreamError, retryAfterMs?: number): Verdict {
  const reason = `error in a successful answer${error.code ? `: ${error.code}` : ''}`
  if (RATE_LIMIT_CODE.test(error.code)) return createVerdict('rate-limited', { reason, retryAfterMs })
  const requestFault = faultOfRequest(error)
  return requestFault ? createVerdict(requestFault, { reason }) : createVerdict('unavailable', { reason, retryAfterMs })
}

function kindOfRefusal(status: number, error: UpstreamError): VerdictKind {
  const requestFault = faultOfRequest(error)
  if (requestFault) return requestFault
  if (status === 401 || status === 403) return 'unauthorized'
  if (status === 402) return 'suspended'
  return status === 404 || status === 410 || MODEL_CODE.test(error.code) ? 'model-missing' : 'invalid-request'
}

/** What the request itself is to blame for costs no member anything, whatever the status it came with. */
function faultOfRequest({ code, message }: UpstreamError): VerdictKind | undefined {
  if (UNSUITABLE_CODE.test(code) || CONTEXT_LENGTH_TEXT.test(message)) return 'unsuitable'
  return POLICY_CODE.test(code) ? 'invalid-request' : undefined
}

const RATE_LIMIT_CODE = /rate_?limit|quota|too_many_requests|overloaded|^429$|^529$/i
const MODEL_CODE = /^model_(not_found|not_available|decommissioned)$/
const UNSUITABLE_CODE = /^(context_length_exceeded|unsupported_(parameter|value|feature)|string_above_max_length)$/
const CONTEXT_LENGTH_TEXT = /maximum context length|context (length|window) (is )?exceed/i
const POLICY_CODE = /^(content_policy_violation|content_filter|moderation_blocked)$/
/** `bodyText` is the first 64 KiB of a body. */
const SEEN_LENGTH = 65_536
