import type { HeapGrowth } from './measure-heap.ts'
import type { Measurement } from './measure-rounds.ts'
import type { RouterCost, SelectionCost } from './measure-router.ts'
import type { SdkCalls } from './measure-sdk-calls.ts'

/** Everything that is measured. */
export interface Report {
  /** By the clock, against a server in another process. */
  readonly sdkCalls: SdkCalls
  /** The same, as streams of 100 events. */
  readonly sdkStreams: SdkCalls
  /** By processor time, on a transport in memory. */
  readonly router: RouterCost
  /** The same, as streams of 100 events. */
  readonly routerStreams: RouterCost
  /** By processor time, on a transport in memory. */
  readonly selection: SelectionCost
  readonly heap: HeapGrowth
}

/** Writes the report as the tables that a person reads: each line against the first of its table. */
export function formatReport(report: Report): string {
  const { sdkCalls, sdkStreams, router, routerStreams, selection, heap } = report
  return [
    formatTable('one call over a socket, wall clock', sdkCalls),
    formatTable('one stream of 100 events over a socket, wall clock', sdkStreams),
    formatTable('one call in memory, processor time', router),
    formatTable('one stream of 100 events in memory, processor time', routerStreams),
    formatTable('one call in memory by number of members, processor time', selection),
    `heap after ${heap.calls.toLocaleString('en')} calls: ${heap.bytesPerCall.toFixed(2)} bytes per call`,
  ].join('\n\n')
}

function formatTable(title: string, measurements: object): string {
  const entries = Object.entries(measurements) as [string, Measurement][]
  const baseUs = entries[0]?.[1].medianUs ?? Number.NaN
  const lines = entries.map(([name, { medianUs, minUs, maxUs }]) => {
    const spread = `[${minUs.toFixed(0)}–${maxUs.toFixed(0)}]`
    const ratio = `×${(medianUs / baseUs).toFixed(2)}`
    return `  ${name.padEnd(24)}${medianUs.toFixed(0).padStart(7)} µs ${spread.padEnd(14)}${ratio.padStart(7)}`
  })
  return [title, ...lines].join('\n')
}
