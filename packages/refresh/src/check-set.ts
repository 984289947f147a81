import { GonkaNoParticipantsError, GonkaRefreshError, type ParticipantSet } from '@gonka/protocol'

/** Refuses a set that must not replace the one in use: an older epoch, or nobody in it.
 * @param set - What the source gave.
 * @param currentEpoch - Epoch of the set in use.
 * @throws {GonkaRefreshError} `refresh-failed` when the epoch is not a whole number >= 0 or goes backwards.
 * @throws {GonkaNoParticipantsError} `no-participants` when the set is empty. */
export function checkSet(set: ParticipantSet, currentEpoch: number | undefined): void {
  if (!Number.isSafeInteger(set.epochId) || set.epochId < 0) {
    throw refused(`epochId must be a whole number >= 0; got ${typeof set.epochId} ${Number(set.epochId)}`, currentEpoch)
  }
  if (currentEpoch !== undefined && set.epochId < currentEpoch) {
    throw refused(`the source went back from epoch ${currentEpoch} to ${set.epochId}`, currentEpoch)
  }
  if (set.participants.length === 0) {
    throw new GonkaNoParticipantsError(`Epoch ${set.epochId} has no usable participants.`, { epoch: `${set.epochId}` })
  }
}

function refused(problem: string, lastSuccessfulEpoch: number | undefined): GonkaRefreshError {
  return new GonkaRefreshError(`The set was refused: ${problem}.`, { lastSuccessfulEpoch })
}
