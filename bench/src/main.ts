import { parseArgs } from 'node:util'
import { measureHeap } from './measure-heap.ts'
import { measureRouter, measureRouterStreams, measureSelection } from './measure-router.ts'
import { measureSdkCalls } from './measure-sdk-calls.ts'
import { formatReport, type Report } from './report.ts'

const USAGE = `Usage: node dist/main.js [--json] [--heap-calls <n>]

Measures what the multiplexer costs beside the bare SDK and the bare transport, in interleaved rounds.

  --json              print the numbers as JSON instead of tables
  --heap-calls <n>    calls over which the heap must stay flat (default 1000000)`

process.exitCode = await main(process.argv.slice(2))

async function main(args: string[]): Promise<number> {
  const options = readOptions(args)
  if (!options) {
    console.error(USAGE)
    return 2
  }
  if (options.help) console.log(USAGE)
  else print(await measureAll(options.heapCalls), options.json)
  return 0
}

interface Options {
  readonly help: boolean
  readonly json: boolean
  readonly heapCalls: number
}

function readOptions(args: string[]): Options | undefined {
  try {
    const { values } = parseArgs({
      args,
      options: { help: { type: 'boolean' }, json: { type: 'boolean' }, 'heap-calls': { type: 'string' } },
    })
    const heapCalls = Number(values['heap-calls'] ?? 1_000_000)
    if (!Number.isInteger(heapCalls) || heapCalls < 5) return undefined
    return { help: values.help ?? false, json: values.json ?? false, heapCalls }
  } catch {
    return undefined
  }
}

async function measureAll(heapCalls: number): Promise<Report> {
  const { calls: sdkCalls, streams: sdkStreams } = await measureSdkCalls()
  return {
    sdkCalls,
    sdkStreams,
    router: await measureRouter(),
    routerStreams: await measureRouterStreams(),
    selection: await measureSelection(),
    heap: await measureHeap(heapCalls),
  }
}

function print(report: Report, json: boolean): void {
  console.log(json ? JSON.stringify(report, null, 2) : formatReport(report))
}
