import { parseAddress } from '@gonka/protocol'
import { createSigner } from '@gonka/signer'
import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import { toBase64 } from './derive.ts'
import { encodeParticipantsAnswer } from './encode-participants.ts'
import { servedModels, VALIDATION } from './network.ts'
import type { NodeState } from './node-state.ts'
import { jsonReply, nodeError, type Reply } from './reply.ts'
import type { JsonDialect } from './types.ts'
import { viewOf } from './view-of.ts'

const UINT64_MAX = 2n ** 64n - 1n

/** `GET /v1/epochs/{x}/participants`.
 * @see Protocol reference, section 3.1 */
export function answerParticipants(node: NodeState, wanted: string): Reply {
  const dialect = dialectOf(node)
  const view = viewOf(node)
  if (wanted !== 'current' && !isUint64(wanted)) return nodeError(400, 'Invalid epoch id')
  if (wanted !== 'current' && BigInt(wanted) === 0n) return nodeError(400, 'Epoch enumeration starts with 1')
  const epoch = view.epochOf(wanted === 'current' ? wanted : Number(wanted))
  if (!epoch) return nodeError(404, UNKNOWN_EPOCH[dialect])
  return jsonReply(
    200,
    encodeParticipantsAnswer({ view, epoch, dialect }),
    dialect === 'strings' ? { deprecation: 'true' } : {},
  )
}

const UNKNOWN_EPOCH: Readonly<Record<JsonDialect, string>> = {
  numbers: 'No active participants found for the specified epoch. Looks like PoC failed!',
  mixed: 'No active participants found for the specified epoch. Looks like PoC failed!',
  strings: 'active participants not found for epoch',
}

/** Hosts upgrade one by one: in a mixed network neighbours answer differently, and the first one mixes in one answer. */
function dialectOf({ index, network }: NodeState): JsonDialect {
  if (network.dialect !== 'mixed') return network.dialect
  return (['mixed', 'strings', 'numbers'] as const)[index % 3] ?? 'mixed'
}

function isUint64(text: string): boolean {
  return /^\d{1,40}$/.test(text) && BigInt(text) <= UINT64_MAX
}

/** `GET /v1/epochs/{x}`, which knows `latest` alone. */
export function answerLatestEpoch({ network }: NodeState, wanted: string): Reply {
  if (wanted !== 'latest') return nodeError(400, 'Invalid epoch id')
  const { epochId, pocStartBlockHeight, effectiveBlockHeight } = network.epochs.current
  return jsonReply(200, {
    block_height: network.chain.height,
    latest_epoch: { index: epochId, poc_start_block_height: pocStartBlockHeight },
    phase: 'Inference',
    epoch_stages: {
      epoch_index: epochId,
      poc_start: pocStartBlockHeight,
      set_new_validators: effectiveBlockHeight,
    },
    is_confirmation_poc_active: false,
  })
}

/** `GET /v1/models`, in the shape of v0.2.12 and later. */
export function answerModels({ network }: NodeState): Reply {
  const data = servedModels(network).map((id) => ({
    object: 'model',
    id,
    name: id,
    created: 1_755_852_120,
    input_modalities: ['text'],
    output_modalities: ['text'],
    context_length: 131_072,
    max_output_length: 32_768,
    ...(network.mode === 'gateway' ? { owned_by: 'gonka' } : {}),
  }))
  return jsonReply(200, { object: 'list', data })
}

/** `GET /v1/participants/{addr}`: the account, in spite of the name. The balance is written by hand: it may pass 2^53. */
export function answerAccount({ network }: NodeState, address: string): Reply {
  if (!isAddress(address)) return nodeError(400, 'invalid address')
  const account = network.accounts.find(address)
  if (!account) return nodeError(404, 'account not found')
  if (!account.publicKey) return nodeError(404, 'account has no public key')
  const body = `{"pubkey":"${toBase64(account.publicKey)}","balance":${account.balance},"denom":"ngonka"}`
  return { status: 200, headers: { 'content-type': 'application/json' }, body }
}

/** Whether a text is an address in the form that nodes write. */
export function isAddress(text: string): boolean {
  try {
    return parseAddress(text) === text
  } catch {
    return false
  }
}

/** `GET /v1/identity`: who the node is, signed with its account key. */
export async function answerIdentity({ keys, network }: NodeState): Promise<Reply> {
  const timestamp = new Date(network.now()).toISOString()
  const data = { address: keys.address, block: network.chain.height, timestamp }
  const signature = await createSigner(keys.privateKey).sign(sha256(utf8ToBytes(JSON.stringify(data))))
  return jsonReply(200, { data, signature: toBase64(signature) })
}

/** The chain's REST view of its parameters; every int64 is a string.
 * @see Protocol reference, section 4.2 */
export function answerParams({ network }: NodeState): Reply {
  const { transferAgents, developersUntilHeight, developers } = network.access
  return jsonReply(200, {
    params: {
      validation_params: {
        timestamp_expiration: String(VALIDATION.timestampExpirationS),
        timestamp_advance: String(VALIDATION.timestampAdvanceS),
      },
      transfer_agent_access_params: { allowed_transfer_addresses: transferAgents },
      developer_access_params: {
        until_block_height: String(developersUntilHeight),
        allowed_developer_addresses: developers,
      },
    },
  })
}
