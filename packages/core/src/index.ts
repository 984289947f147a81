export { attemptsOf } from './attempts-of.ts'
export type { CommitMode } from './dispatch/guard-stream.ts'
export type { RetryBudgetSettings } from './dispatch/retry-budget.ts'
export type { RetrySettings } from './dispatch/retry-options.ts'
export type { TimeoutSettings } from './dispatch/timeouts.ts'
export type { QueueSettings } from './dispatch/waiting-line.ts'
export {
  AllModelsFailedError,
  DeadlineExceededError,
  isMultiplexerError,
  ModelSelectionError,
  MultiplexerError,
  type MultiplexerErrorCode,
  QueueFullError,
  QueueTimeoutError,
  StreamInterruptedError,
} from './errors.ts'
export type { RouterEventListener, RouterEventName, RouterEvents } from './events.ts'
export { Multiplexer } from './multiplexer.ts'
export type { BreakerPhase } from './pool/breaker.ts'
export type { HealthSettings } from './pool/health-options.ts'
export type { SelectableMember, SelectFunction, Strategy } from './pool/strategy.ts'
export { Router, type RouterOptions } from './router.ts'
export type { MemberStats, Percentiles, RouterStats } from './stats.ts'
export type {
  AnswerFacts,
  AttemptTrace,
  CallTrace,
  CallTracer,
  TracedAttempt,
  TracedAttemptEnd,
  TracedCall,
} from './tracing.ts'
export type {
  AttemptOutcome,
  Bytes,
  ChatClientLike,
  Classify,
  FetchLike,
  HttpUpstream,
  Logger,
  MemberChanges,
  MemberOptions,
  MemberPool,
  OpenAIClientLike,
  Transport,
  UpstreamRequest,
  UpstreamSource,
} from './types.ts'
export { type Attempt, createVerdict, type Verdict, type VerdictKind, type VerdictScope } from './verdict.ts'
