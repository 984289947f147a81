export type {
  AttemptOutcome,
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
