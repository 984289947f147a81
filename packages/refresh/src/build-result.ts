import type { GonkaRefreshError, ParticipantSet } from '@gonka/protocol'
import type { RefreshResult, SinkChange } from './types.ts'

/** Builds the result of a refresh whose set is now in use.
 * @param set - The new set.
 * @param oldEpoch - Epoch of the set before; undefined when there was none.
 * @param change - What the sink did. */
export function succeeded(set: ParticipantSet, oldEpoch: number | undefined, change: SinkChange): RefreshResult {
  const epochChanged = set.epochId !== oldEpoch
  return {
    success: true,
    epochChanged,
    oldEpoch: epochChanged ? oldEpoch : undefined,
    newEpoch: epochChanged ? set.epochId : undefined,
    participantsAdded: change.added,
    participantsRemoved: change.removed,
    participantsUpdated: change.updated,
    error: undefined,
  }
}

/** Builds the result of a refresh that left everything as it was.
 * @param error - Why. */
export function failed(error: GonkaRefreshError): RefreshResult {
  return {
    success: false,
    epochChanged: false,
    oldEpoch: undefined,
    newEpoch: undefined,
    participantsAdded: 0,
    participantsRemoved: 0,
    participantsUpdated: 0,
    error,
  }
}
