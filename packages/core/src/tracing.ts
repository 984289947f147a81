import { containRejection } from './contain-rejection.ts'
import type { Verdict } from './verdict.ts'

/** Follows calls and attempts, for tracing systems; `@multiplexer/core/otel` makes one. What it throws is ignored. It is
 * never given content, headers or credentials. */
export interface CallTracer {
  /** A call entered the router. */
  startCall(call: TracedCall): CallTrace
}

/** What a tracer learns about a call when it starts. */
export interface TracedCall {
  /** Path below the base URL, `/chat/completions`. */
  readonly path: string
  /** The model that was asked for; undefined when the choice was left to the pool. */
  readonly model: string | undefined
  /** Whether a stream was asked for. */
  readonly stream: boolean
}

/** One call being followed. */
export interface CallTrace {
  /** An attempt begins. */
  startAttempt(attempt: TracedAttempt): AttemptTrace
  /** The call ended; for a stream, when the stream did. `outcome` is as in the `completed` event. */
  end(end: { readonly outcome: string; readonly attempts: number; readonly member: string | undefined }): void
}

/** What a tracer learns about an attempt when it starts. */
export interface TracedAttempt {
  /** `modelName` of the member. */
  readonly member: string
  /** The model id that is sent. */
  readonly model: string
}

/** One attempt being followed. */
export interface AttemptTrace {
  /** Runs the transport, so that spans made inside belong to this attempt. Must return what `send` returns. */
  run<T>(send: () => T): T
  /** The attempt ended. */
  end(end: TracedAttemptEnd): void
}

/** What a tracer learns about an attempt when it ends. */
export interface TracedAttemptEnd {
  /** What the attempt proved. */
  readonly verdict: Verdict
  /** HTTP status; undefined when no answer came. */
  readonly status: number | undefined
  /** Time from sending to the first content of a stream, in milliseconds. */
  readonly firstContentMs?: number | undefined
  /** What the answer says about itself. */
  readonly facts?: AnswerFacts | undefined
}

/** What an answer says about itself, without its content. */
export interface AnswerFacts {
  /** The answer's `id`. */
  readonly id?: string | undefined
  /** The model that answered, as the upstream names it. */
  readonly model?: string | undefined
  /** `usage.prompt_tokens` or `usage.input_tokens`. */
  readonly inputTokens?: number | undefined
  /** `usage.completion_tokens` or `usage.output_tokens`. */
  readonly outputTokens?: number | undefined
  /** `usage.total_tokens`. */
  readonly totalTokens?: number | undefined
  /** Every `finish_reason`, in the order of the choices. */
  readonly finishReasons?: readonly string[] | undefined
}

/** A tracer whose exceptions go no further, and that costs nothing when there is none. */
export function createSafeTracer(tracer: CallTracer | undefined): CallTracer | undefined {
  if (!tracer) return undefined
  return {
    startCall: (call) => {
      const trace = attempt(() => tracer.startCall(call))
      return {
        startAttempt: (started) => createSafeAttempt(attempt(() => trace?.startAttempt(started))),
        end: (end) => attempt(() => trace?.end(end)),
      }
    },
  }
}

function createSafeAttempt(trace: AttemptTrace | undefined): AttemptTrace {
  return {
    run: (send) => {
      // The transport must run exactly once, whatever the tracer does before or after it.
      let result: (() => ReturnType<typeof send>) | undefined
      const once = (): ReturnType<typeof send> => {
        result ??= remember(send)
        return result()
      }
      attempt(() => trace?.run(once))
      return once()
    },
    end: (end) => attempt(() => trace?.end(end)),
  }
}

/** Acts now, and gives a function that returns, or throws, what came of it. */
function remember<T>(act: () => T): () => T {
  try {
    const value = act()
    return () => value
  } catch (error) {
    return () => {
      throw error
    }
  }
}

function attempt<T>(act: () => T): T | undefined {
  try {
    const value = act()
    containRejection(value)
    return value
  } catch {
    return undefined
  }
}
