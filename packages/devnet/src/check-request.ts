import { checkMessages } from './check-messages.ts'
import { DEFAULT_MAX_TOKENS } from './create-answer.ts'
import { hasExecutor, PRICE_PER_TOKEN, servedModels, VALIDATION } from './network.ts'
import type { NodeState, ReceivedRequest } from './node-state.ts'
import type { ChatRequest } from './parse-chat-request.ts'
import { nodeError, type Reply } from './reply.ts'
import { verifyRequestSignature } from './verify-request-signature.ts'

/** A signed request under examination. */
export interface Candidate {
  readonly node: NodeState
  readonly received: ReceivedRequest
  readonly request: ChatRequest
  readonly timestampNs: bigint
}

type Check = (candidate: Candidate) => Reply | undefined

const NS_PER_S = 1_000_000_000n

/** Checks a request in the order that nodes do; what passes has its signature spent.
 * @returns The first refusal, or undefined.
 * @see Protocol reference, section 5.5, rows 5 to 17b */
export function checkRequest(candidate: Candidate): Reply | undefined {
  for (const check of CHECKS) {
    const refusal = check(candidate)
    if (refusal) return refusal
  }
  return undefined
}

const checkTransferAgent: Check = ({ node }) => {
  const { transferAgents } = node.network.access
  const allowed = transferAgents.length === 0 || transferAgents.includes(node.keys.address)
  return allowed ? undefined : nodeError(403, 'Transfer Agent not allowed')
}

const checkAuthorization: Check = ({ received }) =>
  received.headers.authorization ? undefined : nodeError(401, 'Authorization is required')

const checkModelNamed: Check = ({ request }) =>
  request.model === '' ? nodeError(400, 'No model specified') : undefined

const checkDeveloper: Check = ({ node, received }) => {
  const { developersUntilHeight, developers } = node.network.access
  if (node.network.chain.height >= developersUntilHeight) return undefined
  if (developers.includes(requesterOf(received))) return undefined
  return nodeError(403, `inference requests are restricted until block height ${developersUntilHeight}`)
}

const checkSchema: Check = ({ request }) => {
  const problem = checkMessages(request.messages)
  return problem === undefined ? undefined : nodeError(400, problem)
}

/** Nodes up to v0.2.11 panicked on accounts without a key; later ones pass the chain's raw error on. */
const checkAccount: Check = ({ node, received }) => {
  const account = node.network.accounts.find(requesterOf(received))
  if (account?.publicKey) return undefined
  if (node.network.mode === 'classic-v1') {
    return account
      ? nodeError(500, 'runtime error: invalid memory address or nil pointer dereference')
      : nodeError(404, 'Inference participant not found')
  }
  const problem = account ? 'account has no public key' : 'account not found'
  return nodeError(500, `rpc error: code = NotFound desc = ${problem}`)
}

const checkSignature: Check = ({ node, received, timestampNs }) => {
  const publicKey = node.network.accounts.find(requesterOf(received))?.publicKey ?? new Uint8Array(33)
  const problem = verifyRequestSignature({
    authorization: received.headers.authorization ?? '',
    body: received.body,
    timestampNs,
    // A node replaces its own address by this header: it is how one node hands a request to another.
    transferAddress: received.headers['x-transfer-address'] || node.keys.address,
    publicKey,
    scheme: node.network.mode === 'classic-v1' ? 'v1' : 'v2',
  })
  return problem === undefined ? undefined : nodeError(401, `Unable to validate request against PubKey:${problem}`)
}

const checkModelServed: Check = ({ node, request }) =>
  servedModels(node.network).includes(request.model) ? undefined : nodeError(404, 'model not found')

const checkBalance: Check = ({ node, received, request }) => {
  const balance = node.network.accounts.find(requesterOf(received))?.balance ?? 0n
  const tokens = request.prompt.length + (request.maxTokens || DEFAULT_MAX_TOKENS) * request.n
  return balance >= BigInt(tokens) * PRICE_PER_TOKEN ? undefined : nodeError(402, 'Insufficient balance')
}

const checkTimestamp: Check = ({ node, timestampNs }) => {
  const aheadNs = timestampNs - node.network.chain.blockTimeNs
  if (-aheadNs > BigInt(VALIDATION.timestampExpirationS) * NS_PER_S) return nodeError(400, 'signature is too old')
  if (aheadNs > BigInt(VALIDATION.timestampAdvanceS) * NS_PER_S) return nodeError(400, 'signature is in the future')
  return undefined
}

/** A request with both headers comes from another node and must carry that node's signature, which no client has. */
const checkExecutorHop: Check = ({ received: { headers } }) => {
  if (!headers['x-inference-id'] || !headers['x-seed']) return undefined
  if (!headers['x-prompt-hash']) return nodeError(400, 'Prompt hash is missing')
  return nodeError(401, 'Unable to validate request against TransferSignature:invalid signature')
}

const checkReplay: Check = ({ node, received }) => {
  const isNew = node.replay.record(received.headers.authorization ?? '', node.network.chain.height)
  return isNew ? undefined : nodeError(400, 'AuthKey has already been used for a transfer request')
}

const checkCapacity: Check = ({ node }) => {
  if (node.inFlight < node.capacity) return undefined
  const others = `${node.url}/v1/epochs/current/participants`
  return nodeError(429, `Transfer Agent capacity reached. Try another TA from ${others}`)
}

const checkExecutors: Check = ({ node, request }) => {
  const isMember = node.network.epochs.member(node.index) !== undefined
  if (isMember && hasExecutor(node.network, request.model)) return undefined
  return nodeError(503, 'no executors available for model')
}

const CHECKS: readonly Check[] = [
  checkTransferAgent,
  checkAuthorization,
  checkModelNamed,
  checkDeveloper,
  checkSchema,
  checkAccount,
  checkSignature,
  checkModelServed,
  checkBalance,
  checkTimestamp,
  checkExecutorHop,
  checkReplay,
  checkCapacity,
  checkExecutors,
]

/** The account that a request names as payer; empty when it names none. */
export function requesterOf({ headers }: ReceivedRequest): string {
  return headers['x-requester-address'] ?? ''
}
