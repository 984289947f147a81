import type { FaultSpec } from '@gonka/devnet'

/** One way for a participant to fail. */
export interface NodeFault {
  readonly name: string
  /** What its node is told; `kill` takes it down until it is healed. */
  readonly does: FaultSpec | 'kill'
  /** Whether it can break an answer that has begun. */
  readonly breaksAnswers?: true
}

const HTML = { 'content-type': 'text/html' }

/** Every way that the plan knows. */
export const NODE_FAULTS: readonly NodeFault[] = [
  { name: 'killed', does: 'kill', breaksAnswers: true },
  { name: 'hangs', does: { hang: true } },
  { name: 'resets', does: { reset: true } },
  { name: '500', does: { status: 500, body: { error: 'internal error' } } },
  { name: '502 as HTML', does: { status: 502, body: '<html>bad gateway</html>', headers: HTML } },
  { name: '503', does: { status: 503, body: { error: 'no executors available for model' } } },
  { name: '503 as HTML', does: { status: 503, body: '<html>busy</html>', headers: HTML } },
  { name: '503 with Retry-After', does: { status: 503, headers: { 'retry-after': '3' } } },
  { name: '429', does: { status: 429, body: { error: 'Transfer Agent capacity reached.' } } },
  { name: '429 with Retry-After', does: { status: 429, headers: { 'retry-after': '2' } } },
  { name: 'cuts answers', does: { cutAfterEvents: 4 }, breaksAnswers: true },
  { name: 'ends answers early', does: { endAfterEvents: 5 }, breaksAnswers: true },
  {
    name: 'ends answers with an error',
    does: { endAfterEvents: 3, text: 'data: {"error":{"message":"engine is dead"}}\n\n' },
    breaksAnswers: true,
  },
  { name: 'answers garbage', does: { garbage: true } },
  { name: 'answers late', does: { delayMs: 1_500 } },
]

/** Ways for a source of participants to fail. */
export const SOURCE_FAULTS: readonly { readonly name: string; readonly does: FaultSpec }[] = [
  { name: 'source hangs', does: { hang: true, path: 'all' } },
  { name: 'source resets', does: { reset: true, path: 'all' } },
  { name: 'source answers 503', does: { status: 503, path: 'all' } },
  { name: 'source answers garbage', does: { garbage: true, path: 'all' } },
]
