import { GonkaConfigError, parseHttpUrl } from '@gonka/protocol'
import { measureOffset } from './measure-offset.ts'
import { placeClock } from './place-clock.ts'
import { shareRuns } from './share-runs.ts'
import type { Clock, FetchLike } from './types.ts'

/** Options of `createChainClock`; `nodeUrl`, `nodeUrls` or both are required. */
export interface ChainClockOptions {
  /** A node that is asked for block time, such as `http://node1.example:8000`; a `/v1` at its end is dropped. */
  readonly nodeUrl?: string | undefined
  /** Further nodes. All are asked at once and the median of their answers counts, so that of
   * three one may lie or be down; once more than half agree, the others are not waited for. */
  readonly nodeUrls?: readonly string[] | undefined
  /** Longest time for a node's answer, in milliseconds: a whole number, 1 to 2^31 - 1. @default 5_000 */
  readonly timeoutMs?: number | undefined
  /** Sends the question; no key, signature or cookie goes with it. @default the platform's `fetch` */
  readonly fetch?: FetchLike | undefined
  /** The local wall clock: milliseconds since the Unix epoch; fractions are used down to a microsecond.
   * @default () => Date.now() */
  readonly now?: (() => number) | undefined
  /** A number from 0 up to 1. Places this clock within the millisecond, so that two processes that share a key do not
   * sign in the same nanosecond. @default () => Math.random() */
  readonly random?: (() => number) | undefined
}

/** A clock that follows block time. */
export interface ChainClock extends Clock {
  /** What the last successful `resync` found: block time less local time, in nanoseconds; `0n` before the first. */
  readonly offsetNs: bigint
}

/** Least time between two measurements. */
const RESYNC_INTERVAL_MS = 1_000

/** Timers of every platform hold at most this many milliseconds. */
const MAX_TIMER_MS = 2 ** 31 - 1

/** Makes a clock for when local time and block time differ: a wrong system time, or a chain that is slow or ahead. Nodes
 * compare timestamps with the time of their latest block. It starts with the local time and sends nothing; each `resync` asks
 * for `{node}/chain-rpc/status` and sets the offset anew. A signing fetch does that when a timestamp is refused, so calling
 * it up front only saves the first refusal.
 *
 * Timestamps never come twice. From one `resync` to the next they increase, also when `now` stands still or goes back, and
 * across one after which it is later than the last of them; one that moves time back is followed at once, with timestamps
 * not used before.
 *
 * `resync` measures one at a time and at most once a second; who calls in between gets the outcome of the last measurement,
 * unless all who waited for that one aborted.
 * When that fails it rejects with `GonkaDiscoveryError` (`discovery-failed`, `discovery-timeout`, `discovery-redirected`,
 * `discovery-answer-too-large`, `discovery-answer-invalid`), and the offset stays as it was.
 * @throws {GonkaConfigError} `url-invalid` or `config-invalid` when an option is wrong.
 * @throws RangeError from `nowNs` and `resync` when `now` gives no finite number.
 * @example const clock = createChainClock({ nodeUrl: 'http://node1.example:8000' })
 * await clock.resync()
 * clock.offsetNs // -2_700_000_000_000n: block time is 45 minutes behind
 * @see Protocol reference, section 1.4 */
export function createChainClock(options: ChainClockOptions): ChainClock {
  const { now = () => Date.now(), random = () => Math.random() } = options
  const { fetch = (input, init) => globalThis.fetch(input, init) } = options
  const nodeUrls = parseNodeUrls(options)
  const timeoutMs = checkTimeout(options.timeoutMs ?? 5_000)
  const { timeUs, lanes } = placeClock(now, random)
  let offsetUs = 0n
  const measure = async (signal: AbortSignal): Promise<void> => {
    offsetUs = await measureOffset(nodeUrls, { fetch, now, timeoutMs, signal })
    lanes.follow(timeUs() + offsetUs)
  }
  return Object.freeze({
    nowNs: () => lanes.next(timeUs() + offsetUs),
    resync: shareRuns(measure, { now, intervalMs: RESYNC_INTERVAL_MS }),
    get offsetNs() {
      return offsetUs * 1_000n
    },
  })
}

function parseNodeUrls({ nodeUrl, nodeUrls = [] }: ChainClockOptions): readonly string[] {
  if (!Array.isArray(nodeUrls)) throw invalid('nodeUrls', 'a list of URLs')
  const urls = nodeUrls.map((url: string, index) => parseNodeUrl(url, `nodeUrls[${index}]`))
  if (nodeUrl !== undefined) urls.unshift(parseNodeUrl(nodeUrl, 'nodeUrl'))
  if (urls.length === 0) throw invalid('nodeUrl', 'the URL of a node; neither nodeUrl nor nodeUrls has one')
  return [...new Set(urls)]
}

function parseNodeUrl(url: string, field: string): string {
  return parseHttpUrl(url, field).replace(/\/v1$/, '')
}

function checkTimeout(timeoutMs: number): number {
  if (Number.isSafeInteger(timeoutMs) && timeoutMs >= 1 && timeoutMs <= MAX_TIMER_MS) return timeoutMs
  throw invalid(
    'timeoutMs',
    `a whole number of milliseconds, 1 to ${MAX_TIMER_MS}; got ${typeof timeoutMs === 'number' ? timeoutMs : typeof timeoutMs}`,
  )
}

function invalid(field: string, expected: string): GonkaConfigError {
  return new GonkaConfigError('config-invalid', `${field} must be ${expected}.`, { field })
}
