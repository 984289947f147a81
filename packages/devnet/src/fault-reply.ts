import type { FaultSpec } from './faults.ts'
import type { Reply } from './reply.ts'

const GARBAGE = '\u0000\u0001<<garbage>>{"choices": [\u0002'

/** The answer of faults that replace it. */
export function faultReply(fault: FaultSpec | undefined): Reply | undefined {
  if (!fault) return undefined
  const headers = { 'content-type': 'application/json' }
  if ('garbage' in fault) return { status: 200, headers, body: GARBAGE }
  if (!('status' in fault)) return undefined
  const { body = { error: 'injected fault' } } = fault
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return { status: fault.status, headers: { ...headers, ...fault.headers }, body: text }
}

/** What faults make of a right answer; other faults leave it as it is. */
export function spoilReply(reply: Reply, fault: FaultSpec | undefined): Reply {
  if (!fault) return reply
  if ('cutAfterEvents' in fault) return { ...reply, body: firstPart(reply.body, fault.cutAfterEvents), ending: 'cut' }
  if ('endAfterEvents' in fault) {
    const { endAfterEvents, text = '' } = fault
    const part = firstPart(reply.body, endAfterEvents)
    return { ...reply, body: typeof part === 'string' ? part + text : [...part, text], ending: 'early' }
  }
  return reply
}

function firstPart(body: Reply['body'], events: number): Reply['body'] {
  return typeof body === 'string' ? body.slice(0, body.length >> 1) : body.slice(0, events)
}
