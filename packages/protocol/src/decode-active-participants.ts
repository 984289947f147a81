import { GonkaProofVerificationError } from './errors.ts'
import { type ProtobufField, readProtobuf } from './read-protobuf.ts'

/** One entry of the chain's active set, as stored; nothing in it is validated beyond its encoding. */
export interface ActiveParticipant {
  /** Account address (`index` on the wire). */
  readonly address: string
  /** base64 of the ed25519 consensus key. */
  readonly validatorKey: string
  /** int64. */
  readonly weight: bigint
  /** URL as the host wrote it. */
  readonly inferenceUrl: string
  /** Model ids. */
  readonly models: readonly string[]
}

/** The chain's record of one epoch's active set: the value that a membership proof covers. */
export interface ActiveParticipants {
  /** In stored order. */
  readonly participants: readonly ActiveParticipant[]
  /** The epoch of the record. */
  readonly epochId: bigint
  /** Height N at which the record was written; its proof's root is in header N + 1. */
  readonly createdAtBlockHeight: bigint
  /** Height at which the set takes effect. */
  readonly effectiveBlockHeight: bigint
  /** Height at which the epoch's proof of compute began. */
  readonly pocStartBlockHeight: bigint
}

/** Decodes the protobuf value of the store key `ActiveParticipants/value/…`. Unknown fields are skipped, as proto3 asks.
 * @param bytes - The proven value.
 * @throws {GonkaProofVerificationError} `protobuf-invalid` on malformed bytes, wrong wire types or text that is not UTF-8.
 * @example const { epochId, participants } = decodeActiveParticipants(new Uint8Array([0x30, 0x07])) // 7n, []
 * @see Protocol reference, section 3.2 */
export function decodeActiveParticipants(bytes: Uint8Array): ActiveParticipants {
  const participants: ActiveParticipant[] = []
  const numbers = new Map<number, bigint>()
  for (const field of readProtobuf(bytes)) {
    if (field.number === 1) participants.push(decodeParticipant(bytesOf(field)))
    else if (field.number <= 6) numbers.set(field.number, integerOf(field))
  }
  return {
    participants,
    pocStartBlockHeight: numbers.get(3) ?? 0n,
    effectiveBlockHeight: numbers.get(4) ?? 0n,
    createdAtBlockHeight: numbers.get(5) ?? 0n,
    epochId: BigInt.asUintN(64, numbers.get(6) ?? 0n),
  }
}

function decodeParticipant(bytes: Uint8Array): ActiveParticipant {
  const texts = new Map<number, string>()
  const models: string[] = []
  let weight = 0n
  for (const field of readProtobuf(bytes)) {
    if (field.number === 3) weight = integerOf(field)
    else if (field.number === 5) models.push(textOf(field))
    else if (field.number <= 4) texts.set(field.number, textOf(field))
  }
  return {
    address: texts.get(1) ?? '',
    validatorKey: texts.get(2) ?? '',
    weight,
    inferenceUrl: texts.get(4) ?? '',
    models,
  }
}

function integerOf(field: ProtobufField): bigint {
  if (field.type !== 'varint') throw wrongType(field, 'a varint')
  return BigInt.asIntN(64, field.value)
}

function bytesOf(field: ProtobufField): Uint8Array {
  if (field.type !== 'bytes') throw wrongType(field, 'bytes')
  return field.value
}

function textOf(field: ProtobufField): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytesOf(field))
  } catch (cause) {
    throw new GonkaProofVerificationError('protobuf-invalid', `Expected UTF-8 text in field ${field.number}.`, {
      cause,
    })
  }
}

function wrongType(field: ProtobufField, expected: string): GonkaProofVerificationError {
  return new GonkaProofVerificationError('protobuf-invalid', `Expected ${expected} in field ${field.number}.`)
}
