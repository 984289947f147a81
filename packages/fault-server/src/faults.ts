/** The catalogue: every fault by the model name that asks for it, and what the upstream then does. Where streamed and
 * not streamed differ, the words after the semicolon are about requests that do not stream. */
export const FAULTS = {
  'rate-limited-2s': '429 with `Retry-After: 2`, healthy two seconds after the first request',
  'rate-limited-forever': '429 without `Retry-After`, always',
  'retry-after-huge': '429 with `Retry-After: 86400`, always',
  'error-500-once': '500 to the first request, healthy from then on',
  'unavailable-forever': '503, always',
  flapping: '503 while down, healthy while up; down until `setDown(false)`',
  'html-502': "502 with a proxy's HTML page",
  'html-503': "503 with a proxy's HTML page",
  'context-length': '400 `context_length_exceeded`',
  'content-policy': '400 `content_policy_violation`',
  unauthorized: '401 `invalid_api_key`',
  'model-missing': '404 `model_not_found`',
  redirect: '302 to another path of the same server',
  'reset-before-headers': 'reads the request and closes the socket',
  silence: 'reads the request and never answers',
  'headers-then-silence': 'sends the headers and nothing else',
  'role-only-then-silence': 'sends a frame with a role and no content, then nothing; half of the JSON up to the role',
  'slow-first-token': 'first content after 20 s; the whole answer after 20 s',
  'cut-after-40': 'closes the socket one second after 40 tokens; after the JSON with 40 tokens',
  'stall-after-20': 'falls silent after 20 tokens; after the JSON with 20 tokens',
  'malformed-event': 'one event in the middle is not JSON; a broken token in the middle of the JSON',
  'truncated-json': 'the last event is cut in half and the answer ends cleanly; the JSON is cut behind a closing brace',
  'no-done': 'a whole stream without `[DONE]`; the healthy answer',
  'no-finish-reason': '40 tokens and `[DONE]` without a `finish_reason`; the whole text with `finish_reason: null`',
  'error-body-200': '200 with a JSON body that is an error',
  'first-event-error': '200 and an event stream whose first event is an error; 200 with an error body',
  'late-error-event': '20 tokens, then an error event; 20 tokens and an error in one JSON body',
  'huge-event': 'one event of 10 MB in the middle; 10 MB of JSON',
  'lying-content-length': 'a whole answer with a `Content-Length` that promises more, then closes the socket',
} as const

/** The name of a fault; send it as `model`. */
export type FaultName = keyof typeof FAULTS

/** Every fault name, in the order of the catalogue. */
export const FAULT_NAMES: readonly FaultName[] = /* @__PURE__ */ Object.keys(FAULTS) as FaultName[]

/** The model that answers as it should. */
export const HEALTHY_MODEL = 'ok'
