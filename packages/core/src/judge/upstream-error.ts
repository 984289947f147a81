/** What could be read of an upstream's error object. */
export interface UpstreamError {
  /** True when the body has an `error` that says something: not null, not false, not empty text. */
  readonly present: boolean
  /** `error.code`, else `error.type`; empty when there is none. Letters, digits, `_`, `-`, `.` only, so it is safe to show. */
  readonly code: string
  /** `error.message`, else `error` itself when it is text. May hold request content: to match on, never to show. */
  readonly message: string
}

const NONE: UpstreamError = { present: false, code: '', message: '' }

/** Reads the error of a body: `{ error: { code, message } }`, the same in a list, `{ error: "text" }`, or the flat
 * `{ object: "error", code, message }`. */
export function parseUpstreamError(bodyText: string | undefined): UpstreamError {
  if (!bodyText?.includes('"error"')) return NONE
  try {
    return readUpstreamError(JSON.parse(bodyText))
  } catch {
    return NONE
  }
}

/** The same from a parsed body. */
export function readUpstreamError(body: unknown): UpstreamError {
  const one: unknown = Array.isArray(body) ? body[0] : body
  const error = field(one, 'object') === 'error' ? one : field(one, 'error')
  if (!error) return NONE
  if (typeof error === 'string') return { present: true, code: '', message: error }
  const code = field(error, 'code') ?? field(error, 'type')
  const message = field(error, 'message')
  return { present: true, code: safeCode(code), message: typeof message === 'string' ? message : '' }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}

function safeCode(code: unknown): string {
  const text = typeof code === 'number' ? String(code) : code
  return typeof text === 'string' && /^[\w.-]{1,64}$/.test(text) ? text : ''
}
