import { classifyFailure, judgeFailure } from '../judge/classify-outcome.ts'
import { readUpstreamError } from '../judge/upstream-error.ts'
import type { Lease } from '../pool/pool.ts'
import type { AttemptTrace } from '../tracing.ts'
import type { UpstreamRequest } from '../types.ts'
import { createVerdict, type Verdict } from '../verdict.ts'
import type { CallRequest } from './call-request.ts'
import { bodyWithModel } from './call-request.ts'
import type { AttemptScope } from './call-scope.ts'
import { type CommitMode, StreamGuard } from './guard-stream.ts'
import { readAnswerBytes } from './read-answer-bytes.ts'
import type { AttemptResult } from './running-attempt.ts'
import { dialectOf, type StreamDialect } from './stream-dialect.ts'
import { StreamWatcher } from './stream-watcher.ts'
import type { Timeouts } from './timeouts.ts'

/** What one attempt works with. */
export interface AttemptInput {
  readonly request: CallRequest
  readonly lease: Lease
  readonly scope: AttemptScope
  readonly timeouts: Timeouts
  readonly commit: CommitMode
  readonly now: () => number
  readonly trace?: AttemptTrace | undefined
}

/** How an attempt ended, or that its stream may now be passed on. */
export type AttemptEnd =
  /** A whole answer, or a refusal with its body. `error` is what the transport threw, when nothing came. */
  | {
      readonly kind: 'judged'
      readonly verdict: Verdict
      readonly answer?: Answer | undefined
      /** True when the verdict is one of the member's own rows. */
      readonly isOwn?: boolean | undefined
      readonly error?: unknown
      /** What was seen of a stream that was held back until it was whole. */
      readonly seen?: Pick<AttemptResult, 'facts' | 'firstContentAtMs'> | undefined
    }
  | {
      readonly kind: 'streaming'
      readonly guard: StreamGuard
      readonly watcher: StreamWatcher | undefined
      readonly head: ResponseHead
    }

/** Status line and headers of an upstream's response. */
export type ResponseHead = Pick<Response, 'status' | 'statusText' | 'headers'>

/** A response that was read to its end. */
export interface Answer extends ResponseHead {
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** Sends a request to one member and judges what comes back. Never throws: every failure is a verdict. */
export async function runAttempt(input: AttemptInput): Promise<AttemptEnd> {
  const { request, lease, scope, timeouts, now } = input
  const startedMs = now()
  try {
    if (request.stream) scope.arm('no-headers', timeouts.headersMs)
    else scope.arm('no-answer', timeouts.answerMs)
    const response = await send(input)
    // Clients that asked for a whole answer do not find it in events.
    const isStream = isEventStream(response) && (request.stream || !isJudgedPath(request.path))
    if (!isStream) return await readAnswer(response, input)
    scope.arm('no-content', timeouts.firstContentMs - (now() - startedMs))
    const endsAtMs = input.commit === 'complete' ? startedMs + timeouts.answerMs : Number.POSITIVE_INFINITY
    return await openStream(response, input, endsAtMs)
  } catch (error) {
    scope.abort(error)
    return { kind: 'judged', verdict: classifyFailure({ error, nowMs: now() }, lease.member.settings.classify), error }
  } finally {
    scope.disarm()
  }
}

/** Whether an upstream's error in a 2xx body, or a broken one, is looked for: only on paths whose answers we know. */
export function isJudgedPath(path: string): boolean {
  return JUDGED_PATHS.includes(path)
}

const JUDGED_PATHS = ['/chat/completions', '/completions', '/responses', '/embeddings']

async function send({ request, lease, scope, trace }: AttemptInput): Promise<Response> {
  const upstream: UpstreamRequest = {
    path: request.path + request.query,
    method: request.method,
    headers: new Headers(request.headers),
    // Elsewhere a body need not have a model; one that is named is a member's to understand.
    body:
      isJudgedPath(request.path) || request.model !== undefined
        ? bodyWithModel(request, lease.upstreamModel)
        : request.body,
    signal: scope.signal,
  }
  const { transport } = lease.member
  scope.signal.throwIfAborted()
  const sent = trace ? trace.run(() => transport(upstream)) : transport(upstream)
  // An answer that comes after the attempt was given up must not keep its connection.
  sent.then((late) => {
    if (scope.signal.aborted) late.body?.cancel().catch(ignore)
  }, ignore)
  return await scope.race(sent)
}

async function openStream(
  response: Response,
  { request, scope, timeouts, commit, now }: AttemptInput,
  endsAtMs: number,
): Promise<AttemptEnd> {
  const dialect: StreamDialect | undefined = dialectOf(request.path)
  const watcher = dialect && new StreamWatcher(dialect)
  const body = response.body ?? new Blob([]).stream()
  const guard = new StreamGuard({ body, watcher, scope, idleMs: timeouts.idleMs, endsAtMs, now })
  const verdict = (await guard.open(commit)) ?? createVerdict('ok')
  if (verdict.kind === 'ok' && !guard.isHeldWhole) return { kind: 'streaming', guard, watcher, head: response }
  // Also when the request itself is at fault the upstream's own words go back, as for a refusal by status.
  const { status, statusText, headers } = response
  const isAnswer = verdict.kind === 'ok' || verdict.kind === 'invalid-request'
  const answer = isAnswer ? { status, statusText, headers, bytes: guard.heldBytes } : undefined
  const seen = { facts: watcher?.facts, firstContentAtMs: guard.firstContentAtMs }
  return { kind: 'judged', verdict, answer, seen }
}

async function readAnswer(response: Response, { request, lease, scope, now }: AttemptInput): Promise<AttemptEnd> {
  const bytes = await readAnswerBytes(response, scope)
  const { status, statusText, headers } = response
  const answer: Answer = { status, statusText, headers, bytes }
  if (response.ok && (!isJudgedPath(request.path) || isCompleteJson(bytes))) {
    return { kind: 'judged', verdict: isInOtherForm(request) ? NO_STREAM : createVerdict('ok'), answer }
  }
  const outcome = { status, headers, bodyText: decodeStart(bytes), nowMs: now() }
  const judged = judgeFailure(outcome, lease.member.settings.classify)
  // Something else may be missing: a file, a stored object, the path itself.
  const isOtherMiss = judged.verdict.kind === 'model-missing' && (request.namesStored || !isJudgedPath(request.path))
  const verdict = isOtherMiss ? createVerdict('invalid-request', { reason: judged.verdict.reason }) : judged.verdict
  return { kind: 'judged', ...judged, verdict, answer }
}

/** Whether a whole answer came for a request of a stream: a client would read no event in it, and take that for an answer. Paths
 * that have no streams answer whole whatever they are asked. */
function isInOtherForm({ path, stream }: CallRequest): boolean {
  return stream && dialectOf(path) !== undefined
}

const NO_STREAM: Verdict = /* @__PURE__ */ createVerdict('unavailable', {
  reason: 'no stream, though one was asked for',
})

/** A 2xx answer is one when it is a JSON object, whole, without an error in it. Only parsing tells: cut and broken ones can
 * end with a brace as well. */
function isCompleteJson(bytes: Uint8Array): boolean {
  try {
    const body: unknown = JSON.parse(new TextDecoder().decode(bytes))
    return typeof body === 'object' && body !== null && !Array.isArray(body) && !readUpstreamError(body).present
  } catch {
    return false
  }
}

function isEventStream(response: Response): boolean {
  return response.ok && (response.headers.get('content-type') ?? '').toLowerCase().includes('text/event-stream')
}

function decodeStart(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes.subarray(0, 65_536))
}

function ignore(): void {}
