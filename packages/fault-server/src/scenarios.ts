import * as breaks from './breaks.ts'
import * as contents from './contents.ts'
import type { Exchange } from './exchange.ts'
import type { FaultName } from './faults.ts'
import * as refusals from './refusals.ts'
import * as silences from './silences.ts'

/** Answers one request. Returning without an end leaves the client waiting. */
export type Scenario = (exchange: Exchange) => void | Promise<void>

/** Every fault of the catalogue and the function that commits it. */
export const SCENARIOS: Readonly<Record<FaultName, Scenario>> = {
  'rate-limited-2s': refusals.rateLimitedForTwoSeconds,
  'rate-limited-forever': refusals.rateLimitedForever,
  'retry-after-huge': refusals.retryAfterHuge,
  'error-500-once': refusals.error500Once,
  'unavailable-forever': refusals.unavailableForever,
  flapping: refusals.flapping,
  'html-502': refusals.html502,
  'html-503': refusals.html503,
  'context-length': refusals.contextLength,
  'content-policy': refusals.contentPolicy,
  unauthorized: refusals.unauthorized,
  'model-missing': refusals.modelMissing,
  redirect: refusals.redirect,
  'reset-before-headers': breaks.resetBeforeHeaders,
  silence: silences.silence,
  'headers-then-silence': silences.headersThenSilence,
  'role-only-then-silence': silences.roleOnlyThenSilence,
  'slow-first-token': silences.slowFirstToken,
  'cut-after-40': breaks.cutAfter40,
  'stall-after-20': silences.stallAfter20,
  'malformed-event': breaks.malformedEvent,
  'truncated-json': breaks.truncatedJson,
  'no-done': contents.noDone,
  'no-finish-reason': contents.noFinishReason,
  'error-body-200': contents.errorBody200,
  'first-event-error': contents.firstEventError,
  'late-error-event': contents.lateErrorEvent,
  'huge-event': contents.hugeEvent,
  'lying-content-length': breaks.lyingContentLength,
}
