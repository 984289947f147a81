import { bytesToHex, concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { consensusAddress, toBase64 } from './derive.ts'
import type { Epoch, EpochMember } from './epochs.ts'
import type { JsonDialect } from './types.ts'
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

/** The answer of `/v1/epochs/{x}/participants`, without proof and block.
 * @see Protocol reference, section 3.1 */
export function encodeParticipantsAnswer(epoch: Epoch, dialect: JsonDialect): object {
  return {
    active_participants: activeParticipantsJson(epoch, dialect === 'strings' ? stringOf : numberOf),
    addresses: epoch.members.map((member) => consensusAddress(member.validatorKey)),
    active_participants_bytes: bytesToHex(encodeActiveParticipants(epoch)),
    validators: validatorsJson(epoch, dialect),
    excluded_participants: epoch.excluded.map(({ address, reason, blockHeight }) => ({
      address,
      reason,
      exclusion_block_height: blockHeight,
    })),
  }
}

/** How a dialect writes an integer; undefined leaves the key out. */
type WriteInteger = (value: number) => number | string | undefined

const numberOf: WriteInteger = (value) => (value === 0 ? undefined : value)
const stringOf: WriteInteger = (value) => String(value)

function activeParticipantsJson(epoch: Epoch, integer: WriteInteger): object {
  return {
    participants: epoch.members.map((member) => ({
      index: member.address,
      validator_key: toBase64(member.validatorKey),
      weight: integer(member.weight),
      inference_url: member.inferenceUrl,
      models: member.models,
      seed: { participant: member.address, epoch_index: integer(epoch.epochId), signature: seedSignature(member) },
      voting_powers: member.models.map((model) => ({ model_id: model, voting_power: integer(member.weight) })),
    })),
    epoch_group_id: integer(epoch.epochId),
    poc_start_block_height: integer(epoch.pocStartBlockHeight),
    effective_block_height: integer(epoch.effectiveBlockHeight),
    created_at_block_height: integer(epoch.createdAtBlockHeight),
    epoch_id: integer(epoch.epochId),
  }
}

/** The consensus set in its order, cut to one page: 30 up to v0.2.14, 100 in v0.2.15. */
function validatorsJson(epoch: Epoch, dialect: JsonDialect): object[] {
  const integer: WriteInteger = dialect === 'numbers' ? (value) => value : stringOf
  return epoch.members
    .map((member) => ({ member, address: consensusAddress(member.validatorKey) }))
    .sort((a, b) => b.member.weight - a.member.weight || (a.address < b.address ? -1 : 1))
    .slice(0, dialect === 'strings' ? 100 : 30)
    .map(({ member, address }) => ({
      address,
      pub_key: toBase64(member.validatorKey),
      voting_power: integer(member.weight),
      proposer_priority: integer(0),
    }))
}

/** Stands for the random-seed signature, which no client reads. */
function seedSignature(member: EpochMember): string {
  return bytesToHex(member.validatorKey.subarray(0, 4))
}
