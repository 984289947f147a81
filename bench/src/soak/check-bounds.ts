import { type Growth, measureGrowth } from './growth.ts'
import { PACE } from './pace.ts'
import type { Sample } from './process-meter.ts'
import type { SoakResult } from './soak-result.ts'

/** One bound and what was measured. */
export interface BoundCheck {
  readonly name: string
  readonly measured: string
  readonly bound: string
  readonly holds: boolean
}

/** Holds a result against every bound of a soak. */
export function checkBounds(result: SoakResult): readonly BoundCheck[] {
  const { tally, record, drained, drainedRequests, end, alarms, stats } = result
  const { status } = record
  return [
    none('calls lost', tally.lost),
    none('answers that differ from what was expected', tally.wrong),
    none('streams interrupted where nothing was broken off', countUnexplained(result)),
    none('streams interrupted that were to be held until whole', stats[1]?.outcomes['stream-interrupted'] ?? 0),
    {
      name: 'healthy participants, the fewest in any second',
      measured: `${status.leastHealthy}`,
      bound: '>= 1',
      holds: status.leastHealthy >= 1,
    },
    checkLate(result),
    none('calls that never ended', drained ? 0 : result.inFlight),
    none('calls in flight or waiting at the end, by the statistics', countBusy(result)),
    none('calls that the statistics miss or invent', countMiscounted(result)),
    ...checkGrowth(result.samples, result.inFlight),
    none('HTTP requests open once every call had ended', drainedRequests),
    none('sockets left when the network was gone', end.sockets),
    none('timers left', end.timers),
    none('listeners left on process', end.newListeners),
    none('listeners left on the signal of all calls', end.abortListeners),
    none('unhandled rejections and warnings', alarms.length),
  ]
}

function none(name: string, count: number): BoundCheck {
  return { name, measured: `${count}`, bound: '0', holds: count === 0 }
}

/** A machine that holds a process up holds up its refreshes and its requests. */
function checkLate({ record, heldUpMs }: SoakResult): BoundCheck {
  const { late, heldUpMs: networkHeldUpMs } = record.status
  const mostMs = PACE.allowanceMs + heldUpMs + networkHeldUpMs
  return {
    name: 'the latest call to a participant that had left',
    measured: `${(late.worstMs / 1_000).toFixed(1)} s`,
    bound: `<= ${(mostMs / 1_000).toFixed(1)} s`,
    holds: late.worstMs <= mostMs,
  }
}

/** Interruptions of a participant that broke off no answers while the call was made. */
function countUnexplained({ interruptions, record }: SoakResult): number {
  return interruptions.filter(
    ({ member, fromMs, toMs }) =>
      !record.breaks.some((each) => member === `gonka:${each.address}` && each.fromMs <= toMs && fromMs <= each.toMs),
  ).length
}

function countBusy({ stats }: SoakResult): number {
  return stats.reduce((sum, { inFlight, waiting }) => sum + inFlight + waiting, 0)
}

/** A reader who walks away may do so when the stream has just ended: both are right. */
function countMiscounted({ stats, tally }: SoakResult): number {
  const count = (outcome: string): number => stats.reduce((sum, { outcomes }) => sum + (outcomes[outcome] ?? 0), 0)
  const known = ['ok', 'cancelled', 'stream-interrupted'].reduce((sum, outcome) => sum + count(outcome), 0)
  const all = stats.reduce((sum, { outcomes }) => sum + Object.values(outcomes).reduce((a, b) => a + b, 0), 0)
  return (
    Math.abs(all - tally.started) +
    Math.abs(known - (tally.answered + tally.left + tally.interrupted)) +
    Math.abs(count('stream-interrupted') - tally.interrupted)
  )
}

/** Compilers take their time; after that nothing may grow. */
const WARM_UP_SHARE = 0.2

/** Nodes ask clients to keep idle connections for so long: for that time their number can only grow. */
const KEEP_ALIVE_S = 120

/** What the platform's `fetch` keeps on the heap: for a connection, and for good for a place where there was one. */
const SOCKET_MIB = 4 / 1_024
const PLACE_MIB = 3 / 1_024
const HEAP_MIB = 4

function checkGrowth(all: readonly Sample[], inFlight: number): readonly BoundCheck[] {
  const samples = all.slice(Math.ceil(all.length * WARM_UP_SHARE))
  const grow = (value: (sample: Sample) => number): Growth =>
    measureGrowth(samples.map((sample) => ({ atS: sample.atS, value: value(sample) })))
  const spanS = (samples.at(-1)?.atS ?? 0) - (samples[0]?.atS ?? 0)
  return [
    ...checkHeap(grow(ownMib), spanS),
    ...(spanS >= 2 * KEEP_ALIVE_S
      ? [
          flat(
            'sockets',
            grow(({ sockets }) => sockets),
            inFlight,
          ),
        ]
      : []),
    flat(
      'HTTP requests open',
      grow(({ requests }) => requests),
      inFlight,
    ),
    flat(
      'timers',
      grow(({ timers }) => timers),
      inFlight,
    ),
  ]
}

function ownMib({ heapBytes, sockets, places }: Sample): number {
  return heapBytes / 2 ** 20 - sockets * SOCKET_MIB - places * PLACE_MIB
}

function checkHeap({ first, last, perMinute }: Growth, spanS: number): readonly BoundCheck[] {
  const mostPerMinute = HEAP_MIB / Math.max(1, spanS / 60)
  return [
    {
      name: 'heap after garbage collection, first and last third',
      measured: `${first.toFixed(1)} and ${last.toFixed(1)} MiB`,
      bound: `+${HEAP_MIB} MiB`,
      holds: last - first <= HEAP_MIB,
    },
    {
      name: 'heap, slope',
      measured: `${perMinute.toFixed(2)} MiB/min`,
      bound: `<= ${mostPerMinute.toFixed(2)} MiB/min`,
      holds: perMinute <= mostPerMinute,
    },
  ]
}

function flat(name: string, { first, last }: Growth, slack: number): BoundCheck {
  return {
    name: `${name}, first and last third`,
    measured: `${first} and ${last}`,
    bound: `+${slack}`,
    holds: last - first <= slack,
  }
}
