import { parseArgs } from 'node:util'
import { type BrokersSummary, formatBrokers, summarise } from './brokers/report.ts'
import { OUTAGES, simulateBrokers } from './brokers/simulate-brokers.ts'

const USAGE = `Usage: node dist/brokers.js [--json] [--calls <n>] [--seed <n>]

Calls a pool of five brokers that are down for measured shares of the time, and says what that costs. Time runs a hundred
times faster than it would.

  --json         print the numbers as JSON instead of a table
  --calls <n>    calls for each way of being down (default 5000)
  --seed <n>     decides the outages (default 1)`

process.exitCode = await main(process.argv.slice(2))

async function main(args: string[]): Promise<number> {
  const options = readOptions(args)
  if (!options) {
    console.error(USAGE)
    return 2
  }
  if (options.help) {
    console.log(USAGE)
    return 0
  }
  const summaries: Record<string, BrokersSummary> = {}
  for (const [kind, outage] of Object.entries(OUTAGES))
    summaries[kind] = summarise(await simulateBrokers(outage, options))
  console.log(options.json ? JSON.stringify(summaries, null, 2) : formatBrokers(summaries))
  return 0
}

interface Options {
  readonly help: boolean
  readonly json: boolean
  readonly calls: number
  readonly seed: number
}

function readOptions(args: string[]): Options | undefined {
  try {
    const text = { type: 'string' } as const
    const flag = { type: 'boolean', default: false } as const
    const { values } = parseArgs({ args, options: { help: flag, json: flag, calls: text, seed: text } })
    const [calls, seed] = [Number(values.calls ?? 5_000), Number(values.seed ?? 1)]
    if (!Number.isSafeInteger(calls) || calls < 1 || !Number.isSafeInteger(seed)) return undefined
    return { ...values, calls, seed }
  } catch {
    return undefined
  }
}
