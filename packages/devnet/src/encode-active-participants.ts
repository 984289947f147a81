import { bytesToHex, concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { toBase64 } from './derive.ts'
import type { Epoch, EpochMember } from './epochs.ts'
import { bytesField, integerField, textField } from './write-protobuf.ts'

/** The protobuf value that the chain stores for an epoch.
 * @see Protocol reference, section 3.2 */
export function encodeActiveParticipants(epoch: Epoch): Uint8Array {
  return concatBytes(
    ...epoch.members.map((member) => bytesField(1, encodeMember(member, epoch.epochId))),
    integerField(2, epoch.epochId),
    integerField(3, epoch.pocStartBlockHeight),
    integerField(4, epoch.effectiveBlockHeight),
    integerField(5, epoch.createdAtBlockHeight),
    integerField(6, epoch.epochId),
  )
}

function encodeMember(member: EpochMember, epochId: number): Uint8Array {
  const seed = concatBytes(textField(1, member.address), integerField(2, epochId), textField(3, seedSignature(member)))
  return concatBytes(
    textField(1, member.address),
    textField(2, toBase64(member.validatorKey)),
    integerField(3, member.weight),
    textField(4, member.inferenceUrl),
    ...member.models.map((model) => bytesField(5, utf8ToBytes(model))),
    bytesField(6, seed),
    ...member.models.map((model) => bytesField(8, concatBytes(textField(1, model), integerField(2, member.weight)))),
  )
}

/** Stands for the random-seed signature, which no client reads. */
export function seedSignature(member: EpochMember): string {
  return bytesToHex(member.validatorKey.subarray(0, 4))
}
