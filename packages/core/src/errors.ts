import type { Attempt } from './verdict.ts'

/** Literal codes of the errors that this package throws. Packages built on it add their own. */
export type MultiplexerErrorCode =
  | 'model-unknown'
  | 'no-members'
  | 'all-models-failed'
  | 'queue-full'
  | 'queue-timeout'
  | 'deadline-exceeded'
  | 'stream-interrupted'
  | 'request-too-large'
  | 'request-unsupported'
  | 'platform-unsupported'
  | 'sdk-unsupported'

const BRAND = '@multiplexer/core/MultiplexerError'

/** The root of every error that this library throws on purpose.
 * @example if (isMultiplexerError(error)) console.log(error.code)
 */
export class MultiplexerError extends Error {
  override readonly name: string = 'MultiplexerError'
  /** Stable, kebab-case reason; safe to switch on. */
  readonly code: string

  /** @param code - Stable kebab-case reason.
   * @param message - What was expected, what came and what to do; never a secret.
   * @param options.cause - The error underneath. */
  constructor(code: string, message: string, options: { cause?: unknown } = {}) {
    super(message, options)
    this.code = code
    Object.defineProperty(this, BRAND, { value: true })
  }
}

/** No member can serve the model that was asked for, or the pool is empty. */
export class ModelSelectionError extends MultiplexerError {
  override readonly name = 'ModelSelectionError'
  declare readonly code: 'model-unknown' | 'no-members'
  /** The model that was asked for. */
  readonly model: string | undefined
  /** Model ids that the pool does serve. */
  readonly available: readonly string[]

  /** @param details.model - The model that was asked for.
   * @param details.available - Model ids that the pool does serve. */
  constructor(message: string, details: { model: string | undefined; available: readonly string[] }) {
    super(details.available.length === 0 ? 'no-members' : 'model-unknown', message)
    this.model = details.model
    this.available = details.available
  }
}

/** Several attempts were made, or none could be, and no member answered. */
export class AllModelsFailedError extends MultiplexerError {
  override readonly name = 'AllModelsFailedError'
  declare readonly code: 'all-models-failed'
  /** Every attempt of the call, in order. */
  readonly attempts: readonly Attempt[]
  /** When the first member is expected back, in milliseconds from the moment of the error. */
  readonly retryAfterMs: number | undefined
  /** 429 when every failure was a rate limit, else 503: the status an HTTP front should answer with. */
  readonly statusCode: 429 | 503

  /** @param details.attempts - Every attempt of the call, in order.
   * @param details.retryAfterMs - When the first member is expected back, in milliseconds. */
  constructor(
    message: string,
    details: { attempts: readonly Attempt[]; retryAfterMs?: number | undefined; cause?: unknown },
  ) {
    super('all-models-failed', message, details.cause === undefined ? {} : { cause: details.cause })
    this.attempts = details.attempts
    this.retryAfterMs = details.retryAfterMs
    const limited = details.attempts.length > 0 && details.attempts.every((a) => a.verdict.kind === 'rate-limited')
    this.statusCode = limited ? 429 : 503
  }
}

/** Every suitable member is at its limit and the queue already holds `maxLength` calls. */
export class QueueFullError extends MultiplexerError {
  override readonly name = 'QueueFullError'
  declare readonly code: 'queue-full'
  /** Calls that were waiting when this one was turned away. */
  readonly queued: number

  constructor(queued: number) {
    super(
      'queue-full',
      `Every suitable member is busy and ${queued} calls already wait; raise queue.maxLength or maxConcurrent.`,
    )
    this.queued = queued
  }
}

/** The call waited longer than `queue.timeoutMs` for a free member. */
export class QueueTimeoutError extends MultiplexerError {
  override readonly name = 'QueueTimeoutError'
  declare readonly code: 'queue-timeout'
  /** How long the call waited, in milliseconds. */
  readonly waitedMs: number

  constructor(waitedMs: number) {
    super('queue-timeout', `No member became free within ${waitedMs} ms; raise queue.timeoutMs or maxConcurrent.`)
    this.waitedMs = waitedMs
  }
}

/** The call's total `deadlineMs` ran out. */
export class DeadlineExceededError extends MultiplexerError {
  override readonly name = 'DeadlineExceededError'
  declare readonly code: 'deadline-exceeded'
  /** The deadline that ran out, in milliseconds from the start of the call. */
  readonly deadlineMs: number
  /** Every attempt made before it ran out. */
  readonly attempts: readonly Attempt[]

  constructor(deadlineMs: number, attempts: readonly Attempt[]) {
    super(
      'deadline-exceeded',
      `No complete answer within the deadline of ${deadlineMs} ms after ${attempts.length} attempts.`,
    )
    this.deadlineMs = deadlineMs
    this.attempts = attempts
  }
}

/** A stream ended after content had been delivered and before the answer was complete. */
export class StreamInterruptedError extends MultiplexerError {
  override readonly name = 'StreamInterruptedError'
  declare readonly code: 'stream-interrupted'
  /** `modelName` of the member whose stream broke off. */
  readonly member: string
  /** The text delivered before the break, all choices joined; not shown by `util.inspect` or JSON. */
  declare readonly partialText: string
  /** Every attempt of the call, the interrupted one last. */
  readonly attempts: readonly Attempt[]

  constructor(
    message: string,
    details: { member: string; partialText: string; attempts: readonly Attempt[]; cause?: unknown },
  ) {
    super('stream-interrupted', message, details.cause === undefined ? {} : { cause: details.cause })
    this.member = details.member
    this.attempts = details.attempts
    Object.defineProperty(this, 'partialText', { value: details.partialText })
  }
}

/** Tells whether `value` is an error of this library, also when it comes from another installed copy of it or another realm.
 * @example try { await mux.chat.completions.create(body) } catch (error) { if (isMultiplexerError(error)) retryLater(error) }
 */
export function isMultiplexerError(value: unknown): value is MultiplexerError {
  return typeof value === 'object' && value !== null && BRAND in value
}
