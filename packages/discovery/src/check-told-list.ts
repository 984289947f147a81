import { type ActiveParticipant, GonkaProofVerificationError } from '@gonka/protocol'

/** Refuses an answer whose JSON names other participants, or other URLs, than its own proven record. Nothing of the JSON
 * would be used; but a node that says two things at once deceives everybody who reads the other one. Weights and models
 * are not compared: upgrades of the chain rewrite them within an epoch. JSON that cannot be read says nothing.
 * @param told - `active_participants` of the answer; anything.
 * @throws {GonkaProofVerificationError} `value-mismatch`. */
export function checkToldList(told: unknown, proven: readonly ActiveParticipant[]): void {
  const { participants } = (told ?? {}) as { participants?: unknown }
  if (!Array.isArray(participants)) return
  const differs = participants.findIndex((entry: unknown, index) => isOther(entry, proven[index]))
  if (differs < 0 && participants.length === proven.length) return
  const place = differs < 0 ? proven.length : differs
  const message = `its JSON, active_participants.participants[${place}], names another participant than the proven bytes.`
  throw new GonkaProofVerificationError('value-mismatch', message)
}

function isOther(entry: unknown, proven: ActiveParticipant | undefined): boolean {
  const { index, inference_url } = (entry ?? {}) as { index?: unknown; inference_url?: unknown }
  return index !== proven?.address || (inference_url ?? '') !== proven?.inferenceUrl
}
