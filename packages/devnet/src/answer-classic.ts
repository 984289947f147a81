import { answerChat } from './answer-chat.ts'
import { checkRequest, requesterOf } from './check-request.ts'
import { PRICE_PER_TOKEN } from './network.ts'
import type { NodeState, ReceivedRequest } from './node-state.ts'
import { type ChatRequest, parseChatRequest } from './parse-chat-request.ts'
import { nodeError, type Reply } from './reply.ts'

const MAX_CHOICES = 5

/** Answers a signed request as nodes up to v0.2.13 do: checks, then the simulated model, then the fee.
 * @see Protocol reference, section 5 */
export function answerClassic(node: NodeState, received: ReceivedRequest): Reply {
  const request = parseChatRequest(received.body, received.path.includes('/chat/') ? 'chat' : 'completion')
  if (typeof request === 'string') return nodeError(400, request)
  const timestampNs = parseTimestamp(received.headers['x-timestamp'])
  const refusal = checkRequest({ node, received, request, timestampNs }) ?? checkParameters(request)
  if (refusal) return refusal
  const { reply, usage } = answerChat(request, {
    id: received.headers.authorization ?? '',
    createdS: Math.floor(node.network.now() / 1_000),
    seed: node.network.seed,
    usageChunk: true,
    logprobs: true,
  })
  const account = node.network.accounts.find(requesterOf(received))
  if (account) account.balance -= BigInt(usage.total_tokens) * PRICE_PER_TOKEN
  return holdSlot(node, reply)
}

/** Takes one of the node's slots until the answer is out. */
export function holdSlot(node: NodeState, reply: Reply): Reply {
  node.accepted += 1
  node.inFlight += 1
  return {
    ...reply,
    finished: (complete) => {
      node.inFlight -= 1
      if (complete) node.served += 1
    },
  }
}

/** What the model server itself refuses. */
function checkParameters({ n }: ChatRequest): Reply | undefined {
  if (n >= 1 && n <= MAX_CHOICES) return undefined
  const reason = `n must be between 1 and ${MAX_CHOICES}`
  return nodeError(400, `Inference node response with an error. code = 400. error = {"message":"${reason}"}.`)
}

const INT64_MAX = 2n ** 63n - 1n

/** Missing and unparsable timestamps are read as 0, and then are too old. */
function parseTimestamp(text: string | undefined): bigint {
  if (text === undefined || !/^[+-]?\d{1,25}$/.test(text)) return 0n
  const value = BigInt(text.replace(/^\+/, ''))
  return value > INT64_MAX || value < -INT64_MAX - 1n ? 0n : value
}
