import { type ActiveParticipants, decodeActiveParticipants, GonkaProofVerificationError } from '@gonka/protocol'
import type { Epoch } from './parse-epoch.ts'

/** The chain's record of an epoch: what to prove, and where. */
export interface EpochRecord extends ActiveParticipants {
  /** The epoch again, as the number that it is known to fit. */
  readonly epochNumber: number
  /** Height of the header whose app hash covers the record: one above the height at which it was written. */
  readonly headerHeight: bigint
}

const MAX_NUMBER = BigInt(Number.MAX_SAFE_INTEGER)

/** Decodes a record and checks that it is about the epoch that was asked for.
 * @param bytes - The record, as stored.
 * @param epoch - What was asked for.
 * @throws {GonkaProofVerificationError} `protobuf-invalid`; `epoch-mismatch` for another epoch; `record-invalid` when it
 * names no epoch or height. */
export function decodeRecord(bytes: Uint8Array, epoch: Epoch): EpochRecord {
  const record = decodeActiveParticipants(bytes)
  const { epochId, createdAtBlockHeight } = record
  if (epochId < 1n || epochId > MAX_NUMBER) throw invalid(`epoch_id must be from 1 to 2^53 - 1; it is ${epochId}`)
  if (epoch !== 'current' && epochId !== BigInt(epoch)) {
    const message = `the proven record is that of epoch ${epochId}; epoch ${epoch} was asked for.`
    throw new GonkaProofVerificationError('epoch-mismatch', message)
  }
  if (createdAtBlockHeight < 1n || createdAtBlockHeight >= MAX_NUMBER) {
    throw invalid(
      `created_at_block_height must be from 1 to 2^53 - 2; it is ${createdAtBlockHeight}. Records of very old epochs have none`,
    )
  }
  return { ...record, epochNumber: Number(epochId), headerHeight: createdAtBlockHeight + 1n }
}

function invalid(problem: string): GonkaProofVerificationError {
  return new GonkaProofVerificationError('record-invalid', `the record of the epoch cannot be used: ${problem}.`)
}
