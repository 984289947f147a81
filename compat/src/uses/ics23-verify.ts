import { GonkaProofVerificationError, type ProofOp, verifyChained } from '@gonka/ics23-verify'

/** Verifies a node's list of participants, and that one changed byte of it is refused. */
export async function use({ nodeUrl }: { nodeUrl: string }): Promise<string> {
  const answer = await (await fetch(`${nodeUrl}/v1/epochs/current/participants`)).json()
  const ops: ProofOp[] = answer.proof_ops.ops.map((op: { type: string; key: string; data: string }) => ({
    type: op.type,
    key: fromBase64(op.key),
    data: fromBase64(op.data),
  }))
  const value = fromHex(answer.active_participants_bytes)
  const appHash = fromHex(answer.block.header.app_hash)
  const key = keyOfEpoch(answer.active_participants.epoch_id)
  verifyChained({ ops, appHash, store: 'inference', key, value })
  const changed = value.map((byte, index) => (index === 5 ? byte ^ 1 : byte))
  try {
    verifyChained({ ops, appHash, store: 'inference', key, value: changed })
    return 'accepted a changed value'
  } catch (error) {
    return `proven; changed: ${error instanceof GonkaProofVerificationError ? error.code : String(error)}`
  }
}

/** The key under which the chain stores the participants of an epoch. */
function keyOfEpoch(epochId: number): Uint8Array {
  const bytes = new TextEncoder().encode('ActiveParticipants/value/        /')
  new DataView(bytes.buffer).setBigUint64(bytes.length - 9, BigInt(epochId))
  return bytes
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}

function fromHex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16))
}
