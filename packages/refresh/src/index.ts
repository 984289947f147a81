export type { GonkaParticipant, ParticipantSet } from '@gonka/protocol'
export { createFileParticipantStore } from './file-participant-store.ts'
export { createMemoryParticipantStore } from './memory-participant-store.ts'
export { createParticipantArchive } from './participant-archive.ts'
export { RefreshManager } from './refresh-manager.ts'
export type {
  EpochChangeListener,
  LoadedSet,
  ParticipantArchive,
  ParticipantArchiveOptions,
  ParticipantSink,
  ParticipantSource,
  ParticipantStore,
  RefreshLogger,
  RefreshManagerOptions,
  RefreshResult,
  SetProof,
  SinkChange,
  SourcedSet,
  StoredSet,
} from './types.ts'
