import { attemptsOf, rememberAttempts } from './attempts-of.ts'
import { AllModelsFailedError, type MultiplexerError } from './errors.ts'

/** Header on responses that the router made itself because no member's answer decided the call; holds the error's code. */
const ERROR_HEADER = 'x-multiplexer-error'

const STATUS_BY_CODE: Readonly<Record<string, number>> = {
  'model-unknown': 404,
  'no-members': 503,
  'queue-full': 503,
  'queue-timeout': 503,
  'deadline-exceeded': 504,
  'request-too-large': 413,
  'request-unsupported': 400,
}

const errors: WeakMap<Headers, MultiplexerError> = /* @__PURE__ */ new WeakMap()

/** Writes an error of this library as the OpenAI-style response that any HTTP client understands. */
export function createErrorResponse(error: MultiplexerError): Response {
  const isTotalFailure = error instanceof AllModelsFailedError
  const status = isTotalFailure ? error.statusCode : (STATUS_BY_CODE[error.code] ?? 500)
  // `x-should-retry` keeps the OpenAI SDK from retrying what was already retried here.
  const headers = new Headers({
    [ERROR_HEADER]: error.code,
    'x-should-retry': 'false',
    'content-type': 'application/json',
  })
  if (isTotalFailure && error.retryAfterMs !== undefined) {
    headers.set('retry-after', String(Math.ceil(error.retryAfterMs / 1000)))
  }
  const body = { error: { message: error.message, type: error.name, code: error.code, param: null } }
  const response = new Response(JSON.stringify(body), { status, headers })
  errors.set(response.headers, error)
  rememberAttempts(response.headers, attemptsOf(error))
  return response
}

/** The error behind a response that `createErrorResponse` made, from the response's own headers object. */
export function errorBehind(headers: unknown): MultiplexerError | undefined {
  return headers instanceof Headers ? errors.get(headers) : undefined
}
