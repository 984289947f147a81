import { bytesToHex } from '@noble/hashes/utils.js'
import type { Validator } from './consensus/types.ts'
import { consensusAddress, toBase64 } from './derive.ts'
import { seedSignature } from './encode-active-participants.ts'
import type { Epoch, EpochMember } from './epochs.ts'
import { proofOpsJson } from './rpc/answer-abci-query.ts'
import { NUMBERS_DIALECT, SDK_DIALECT, toHex } from './rpc/block-dialects.ts'
import { commitJson, headerJson } from './rpc/block-json.ts'
import { INFERENCE_STORE, recordKey } from './state/store-keys.ts'
import type { JsonDialect } from './types.ts'
import type { ChainView } from './view.ts'

/** What an answer about an epoch is made from. */
interface AnswerSource {
  readonly view: ChainView
  readonly epoch: Epoch
  readonly dialect: JsonDialect
}

/** The answer of `/v1/epochs/{x}/participants`: the list, the stored bytes, and the proof of the bytes.
 * @see Protocol reference, sections 3.1 and 3.5 */
export function encodeParticipantsAnswer({ view, epoch, dialect }: AnswerSource): object {
  const height = epoch.createdAtBlockHeight
  const { value, ops } = view.prove({ store: INFERENCE_STORE, key: recordKey(epoch.epochId), height })
  const listed = view.listed(epoch)
  return {
    active_participants: activeParticipantsJson(listed, dialect === 'strings' ? STRINGS : NUMBERS),
    addresses: listed.members.map((member) => consensusAddress(member.validatorKey)),
    active_participants_bytes: bytesToHex(value ?? new Uint8Array(0)),
    proof_ops: proofOpsJson(ops),
    validators: validatorsJson(view.validatorsAt(height), dialect),
    block: blockJson(view, height + 1, dialect),
    excluded_participants: listed.excluded.map(({ address, reason, blockHeight }) => ({
      address,
      reason,
      exclusion_block_height: blockHeight,
    })),
  }
}

/** The block whose header commits to the record. Its `last_commit` signs the block before it. */
function blockJson(view: ChainView, height: number, dialect: JsonDialect): object {
  const written = dialect === 'numbers' ? NUMBERS_DIALECT : SDK_DIALECT
  const none = dialect === 'numbers' ? null : []
  return {
    header: headerJson(view.blockAt(height).header, written),
    data: { txs: none },
    evidence: { evidence: none },
    last_commit: commitJson(view.commitAt(height - 1), written),
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
function validatorsJson(validators: readonly Validator[], dialect: JsonDialect): object[] {
  const integer = dialect === 'numbers' ? (value: number) => value : String
  return validators.slice(0, dialect === 'strings' ? 100 : 30).map(({ address, publicKey, power }) => ({
    address: toHex(address),
    pub_key: toBase64(publicKey),
    voting_power: integer(power),
    proposer_priority: integer(0),
  }))
}
