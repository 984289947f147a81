import { GonkaDiscoveryError, type GonkaErrorCode } from '@gonka/protocol'

interface SourceErrorDetails {
  readonly sourceUrl: string
  readonly statusCode?: number | undefined
  readonly retryable: boolean
  readonly retryAfterMs?: number | undefined
  readonly cause?: unknown
}

/** One source failed once. A `GonkaDiscoveryError` that also tells the retry loop whether, and when, to ask again. */
export class SourceError extends GonkaDiscoveryError {
  /** Whether the same source may give a good answer later. */
  readonly retryable: boolean
  /** The pause that the source asked for, in milliseconds. */
  readonly retryAfterMs: number | undefined

  constructor(code: GonkaErrorCode, message: string, details: SourceErrorDetails) {
    super(code, message, details)
    this.retryable = details.retryable
    this.retryAfterMs = details.retryAfterMs
  }
}
