import { GonkaNoParticipantsError, GonkaRefreshError, type ParticipantSet } from '@gonka/protocol'

/** Refuses a set that must not be used, whatever was before: without a usable epoch, or with nobody in it.
 * @param set - What the source gave.
 * @param lastSuccessfulEpoch - Epoch of the set in use.
 * @throws {GonkaRefreshError} `refresh-failed` when the epoch is not a whole number >= 0.
 * @throws {GonkaNoParticipantsError} `no-participants` when the set is empty. */
export function checkSet(set: ParticipantSet, lastSuccessfulEpoch: number | undefined): void {
  if (!Number.isSafeInteger(set.epochId) || set.epochId < 0) {
    const problem = `epochId must be a whole number >= 0; got ${typeof set.epochId} ${Number(set.epochId)}`
    throw new GonkaRefreshError(`The set was refused: ${problem}.`, { lastSuccessfulEpoch })
  }
  if (set.participants.length === 0) {
    throw new GonkaNoParticipantsError(`Epoch ${set.epochId} has no usable participants.`, { epoch: `${set.epochId}` })
  }
}
