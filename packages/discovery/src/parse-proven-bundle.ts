import type { ProofOp } from '@gonka/ics23-verify'
import { GonkaProofVerificationError } from '@gonka/protocol'
import * as v from 'valibot'
import { decodeBase64, decodeHex } from './decode-bytes.ts'
import { parseExclusions } from './parse-bundle.ts'
import { ProvenBundleSchema } from './schemas.ts'

/** The parts of a node's answer that matter when it must be proven. Nothing of it is verified yet. */
export interface ProvenBundle {
  /** The chain's record of the epoch, as stored: the value that the proof is about. */
  readonly record: Uint8Array
  /** Steps of the proof, as many as came. */
  readonly ops: readonly ProofOp[]
  /** Addresses that the node calls excluded, lower case. Unproven: they can only take participants away. */
  readonly excluded: ReadonlySet<string>
  /** The record again, in JSON, as the node tells it. No use is made of it but to find a node that contradicts itself. */
  readonly told: unknown
}

/** Reads what a proof needs from an answer.
 * @param json - The answer; anything.
 * @throws {GonkaProofVerificationError} `proof-malformed` naming the field. */
export function parseProvenBundle(json: unknown): ProvenBundle {
  const parsed = v.safeParse(ProvenBundleSchema, json)
  if (!parsed.success) {
    const [issue] = parsed.issues
    const problem = issue.received === 'undefined' ? 'is missing' : `must be ${issue.expected ?? 'valid'}`
    throw malformed(`${v.getDotPath(issue) ?? 'the answer'} ${problem}`)
  }
  const { active_participants_bytes: hex, proof_ops: proof, excluded_participants: exclusions } = parsed.output
  const { active_participants: told } = parsed.output
  const record = decodeHex(hex)
  if (!record?.length) throw malformed('active_participants_bytes must be pairs of hex digits')
  return { record, ops: proof.ops.map(parseOp), excluded: parseExclusions(exclusions), told }
}

function parseOp(op: { type: string; key: string; data: string }, index: number): ProofOp {
  return {
    type: op.type,
    key: parseBytes(op.key, `proof_ops.ops.${index}.key`),
    data: parseBytes(op.data, `proof_ops.ops.${index}.data`),
  }
}

function parseBytes(text: string, field: string): Uint8Array {
  const bytes = decodeBase64(text)
  if (bytes === undefined) throw malformed(`${field} must be standard base64 with padding`)
  return bytes
}

function malformed(problem: string): GonkaProofVerificationError {
  return new GonkaProofVerificationError('proof-malformed', `the answer holds no proof: ${problem}.`)
}
