import { GonkaDiscoveryError } from '@gonka/protocol'
import { fetchBlockTime } from './fetch-block-time.ts'
import { toMicroseconds } from './to-microseconds.ts'
import type { FetchLike } from './types.ts'

/** Ports and limits of a measurement. */
export interface MeasureOffsetOptions {
  readonly fetch: FetchLike
  /** The local clock, in milliseconds since the Unix epoch. */
  readonly now: () => number
  /** Longest time for a node's answer, in milliseconds. */
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/** Nodes know the latest block within a second or so of each other. */
const AGREEMENT_US = 2_000_000n

/** Asks nodes, all at once, how far block time is from the local clock. Once more than half of them agree, the rest is not
 * waited for: whatever they said, the median would be one of those that agree.
 * @returns Microseconds to add to the local clock: the median of the nodes that answered, of two in the middle the lower one
 * (nodes take timestamps that are twice as far in the past as in the future).
 * @throws {GonkaDiscoveryError} When no node answered. @throws `signal.reason` when the signal aborts. */
export async function measureOffset(nodeUrls: readonly string[], options: MeasureOffsetOptions): Promise<bigint> {
  const scope = new AbortController()
  const stop = (): void => scope.abort(options.signal.reason)
  if (options.signal.aborted) stop()
  // Edge runtimes have no AbortSignal.any.
  options.signal.addEventListener('abort', stop, { once: true })
  const offsets: bigint[] = []
  const measure = async (nodeUrl: string): Promise<void> => {
    offsets.push(await measureNode(nodeUrl, { ...options, signal: scope.signal }))
    if (agree(sort(offsets), Math.floor(nodeUrls.length / 2) + 1)) scope.abort()
  }
  const outcomes = await Promise.allSettled(nodeUrls.map(measure))
  options.signal.removeEventListener('abort', stop)
  options.signal.throwIfAborted()
  const median = sort(offsets)[Math.floor((offsets.length - 1) / 2)]
  if (median !== undefined) return median
  throw combine(outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : [])))
}

function sort(offsets: readonly bigint[]): bigint[] {
  return [...offsets].sort((a, b) => (a < b ? -1 : 1))
}

/** Whether so many in a row, in order of size, are close together. */
function agree(sorted: readonly bigint[], count: number): boolean {
  return sorted.some((first, index) => {
    const last = sorted[index + count - 1]
    return last !== undefined && last - first <= AGREEMENT_US
  })
}

async function measureNode(nodeUrl: string, options: MeasureOffsetOptions): Promise<bigint> {
  const { now, timeoutMs } = options
  const sentUs = toMicroseconds(now())
  const blockTimeNs = await fetchBlockTime(nodeUrl, options)
  const roundTripUs = toMicroseconds(now()) - sentUs
  // A laptop was suspended, or NTP set the clock, between question and answer: half of that is no travelling time.
  if (roundTripUs < 0n || roundTripUs > BigInt(timeoutMs) * 1_000n) {
    const problem = `The local clock jumped while ${nodeUrl} was asked for the time; call resync again.`
    throw new GonkaDiscoveryError('discovery-failed', problem, { sourceUrl: nodeUrl })
  }
  return blockTimeNs / 1_000n - sentUs - roundTripUs / 2n
}

function combine(errors: readonly unknown[]): unknown {
  const [first] = errors
  if (errors.length === 1) return first
  const problems = errors.map((error) => (error instanceof Error ? error.message : 'failed')).join(' ')
  const cause = new AggregateError(errors, 'No node told the block time.')
  return new GonkaDiscoveryError(
    'discovery-failed',
    `None of ${errors.length} nodes told the block time. ${problems}`,
    {
      cause,
    },
  )
}
