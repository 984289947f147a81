import { bytesToHex } from '@noble/hashes/utils.js'
import { answerChat } from './answer-chat.ts'
import { holdSlot } from './answer-classic.ts'
import { checkMessages } from './check-messages.ts'
import { deriveBytes } from './derive.ts'
import { hasExecutor, servedModels } from './network.ts'
import type { NodeState, ReceivedRequest } from './node-state.ts'
import { type ChatRequest, parseChatRequest } from './parse-chat-request.ts'
import { gatewayError, type Reply } from './reply.ts'

const MAX_MESSAGES = 2_048
const MAX_CHOICES = 5
const DEFAULT_MAX_TOKENS = 3_072
const MAX_TOKENS_CAP = 4_096

/** Answers a request with an API key as gateways and brokers do.
 * @see Protocol reference, section 5.6 */
export function answerGateway(node: NodeState, received: ReceivedRequest): Reply {
  const parsed = parseChatRequest(received.body, received.path.includes('/chat/') ? 'chat' : 'completion')
  if (typeof parsed === 'string') return gatewayError(400, parsed)
  const refusal = checkGatewayRequest(node, received, parsed)
  if (refusal) return refusal
  const request = { ...parsed, maxTokens: Math.min(parsed.maxTokens || DEFAULT_MAX_TOKENS, MAX_TOKENS_CAP) }
  const id = bytesToHex(deriveBytes(node.network.seed, `answer/${node.index}/${node.accepted}`)).slice(0, 24)
  const { reply } = answerChat(request, {
    id: `chatcmpl-${id}`,
    createdS: Math.floor(node.network.now() / 1_000),
    seed: node.network.seed,
    usageChunk: request.includeUsage,
    logprobs: false,
  })
  return holdSlot(node, { ...reply, headers: { ...reply.headers, 'x-request-id': id, 'x-devshard-id': '1' } })
}

function checkGatewayRequest(node: NodeState, received: ReceivedRequest, request: ChatRequest): Reply | undefined {
  const { network } = node
  if (received.headers.authorization !== `Bearer ${network.apiKey}`) {
    return gatewayError(401, `model ${JSON.stringify(request.model)} requires an API key`)
  }
  const problem = findProblem(request, servedModels(network))
  if (problem !== undefined) return gatewayError(400, problem)
  if (node.inFlight >= node.capacity) return gatewayError(429, 'rate limit exceeded')
  if (!hasExecutor(network, request.model)) return gatewayError(503, 'model temporarily unavailable')
  return undefined
}

function findProblem(request: ChatRequest, served: readonly string[]): string | undefined {
  if (!served.includes(request.model)) return `unsupported model ${JSON.stringify(request.model)}`
  if (request.messages.length > MAX_MESSAGES) return `messages must have at most ${MAX_MESSAGES} entries`
  if (request.n < 1 || request.n > MAX_CHOICES) return `n must be between 1 and ${MAX_CHOICES}`
  const rejected = request.keys.find((key) => key.startsWith('guided_'))
  if (rejected !== undefined) {
    return `Chat completions parameter ${JSON.stringify(rejected)} is currently rejected by the Gonka network`
  }
  return checkMessages(request.messages)
}
