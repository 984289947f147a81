export type { GonkaParticipant, ParticipantSet } from '@gonka/protocol'
export { RefreshManager } from './refresh-manager.ts'
export type {
  EpochChangeListener,
  ParticipantSink,
  ParticipantSource,
  RefreshLogger,
  RefreshManagerOptions,
  RefreshResult,
  SinkChange,
} from './types.ts'
