import type { IncomingMessage, ServerResponse } from 'node:http'
import { faultReply, spoilReply } from './fault-reply.ts'
import type { FaultSpec, Faults } from './faults.ts'
import type { NodeState } from './node-state.ts'
import { readBody, readHead } from './read-request.ts'
import { gatewayError, nodeError, type Reply } from './reply.ts'
import { loggedBody, type RequestLog } from './request-log.ts'
import { route } from './routes.ts'
import { sendReply } from './send-reply.ts'
import { sleep, untilAborted } from './sleep.ts'

/** What one node answers with. */
export interface NodeParts {
  readonly state: NodeState
  readonly faults: Faults
  readonly log: RequestLog
}

/** Answers one HTTP request from first byte to last: log, body, fault, route, pace. */
export async function answerRequest(
  parts: NodeParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { state, faults, log } = parts
  const gone = watchClient(response)
  const head = readHead(request)
  const entry = log.open({
    method: head.method,
    path: request.url ?? '/',
    headers: head.headers,
    atMs: state.network.now(),
  })
  const body = await readBody(request)
  if (body === undefined) return void response.destroy()
  if (body !== 'too-large') entry.body = loggedBody(body)
  const fault = faults.take(head.path)
  if (await breakConnection(fault, response, gone)) return
  const reply = spoilReply(faultReply(fault) ?? (await routeSafely(state, head, body)), fault)
  let complete = false
  try {
    // Refusals come at once; only the model takes its time.
    await sleep(delayOf(fault) + (reply.finished ? state.network.latencyMs : 0), gone)
    if (!gone.aborted) entry.status = reply.status
    complete = await sendReply(response, reply, { tokenDelayMs: state.network.tokenDelayMs, gone })
  } finally {
    reply.finished?.(complete)
  }
}

function watchClient(response: ServerResponse): AbortSignal {
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  response.on('error', () => gone.abort())
  return gone.signal
}

async function routeSafely(
  state: NodeState,
  head: ReturnType<typeof readHead>,
  body: Uint8Array | 'too-large',
): Promise<Reply> {
  const refuse = state.network.mode === 'gateway' ? gatewayError : nodeError
  if (body === 'too-large') return refuse(413, 'request body too large')
  try {
    return await route(state, { ...head, body })
  } catch {
    return refuse(500, 'internal error of the devnet')
  }
}

/** Hangs or resets when the fault says so.
 * @returns Whether there is nothing left to answer. */
async function breakConnection(
  fault: FaultSpec | undefined,
  response: ServerResponse,
  gone: AbortSignal,
): Promise<boolean> {
  if (!fault) return gone.aborted
  if ('hang' in fault) await untilAborted(gone)
  if ('reset' in fault) response.socket?.resetAndDestroy()
  return gone.aborted || 'reset' in fault
}

function delayOf(fault: FaultSpec | undefined): number {
  return fault && 'delayMs' in fault ? fault.delayMs : 0
}
