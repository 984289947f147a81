import { bytesToHex, concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { consensusAddress, toBase64 } from './derive.ts'
import type { Epoch, EpochMember } from './epochs.ts'
import type { JsonDialect } from './types.ts'
import { bytesField, integerField, textField } from './write-protobuf.ts'

/** The protobuf value that the chain stores for an epoch.
 * @see Protocol reference, section 3.2 */
function encodeActiveParticipants(epoch: Epoch): Uint8Array {
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
    active_participants: activeParticipantsJson(epoch, dialect === 'strings' ? STRINGS : NUMBERS),
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

/** How a dialect writes an integer or an array; undefined leaves the key out. */
interface Dialect {
  readonly integer: (value: number) => number | string | undefined
  readonly array: (values: readonly unknown[]) => readonly unknown[] | undefined
}

/** Shape A: Go's `omitempty`. */
const NUMBERS: Dialect = {
  integer: (value) => (value === 0 ? undefined : value),
  array: (values) => (values.length === 0 ? undefined : values),
}

/** Shape B: proto JSON with defaults. */
const STRINGS: Dialect = { integer: String, array: (values) => values }

function activeParticipantsJson(epoch: Epoch, dialect: Dialect): object {
  const { integer, array } = dialect
  return {
    participants: array(epoch.members.map((member) => memberJson(member, epoch.epochId, dialect))),
    epoch_group_id: integer(epoch.epochId),
    poc_start_block_height: integer(epoch.pocStartBlockHeight),
    effective_block_height: integer(epoch.effectiveBlockHeight),
    created_at_block_height: integer(epoch.createdAtBlockHeight),
    epoch_id: integer(epoch.epochId),
  }
}

function memberJson(member: EpochMember, epochId: number, { integer, array }: Dialect): object {
  return {
    index: member.address,
    validator_key: toBase64(member.validatorKey),
    weight: integer(member.weight),
    inference_url: member.inferenceUrl,
    models: array(member.models),
    seed: { participant: member.address, epoch_index: integer(epochId), signature: seedSignature(member) },
    ml_nodes: array([]),
    voting_powers: array(member.models.map((model) => ({ model_id: model, voting_power: integer(member.weight) }))),
  }
}

/** The consensus set in its order, cut to one page: 30 up to v0.2.14, 100 in v0.2.15. */
function validatorsJson(epoch: Epoch, dialect: JsonDialect): object[] {
  const integer = dialect === 'numbers' ? (value: number) => value : String
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
