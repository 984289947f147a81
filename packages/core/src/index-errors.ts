export { checkPlatform } from './check-platform.ts'
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
export { type Attempt, createVerdict, type Verdict, type VerdictKind, type VerdictScope } from './verdict.ts'
