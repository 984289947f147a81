import { parseArgs } from 'node:util'
import { formatReport } from './demo-report.ts'
import { runDemo } from './run-demo.ts'

const HELP = `Watches the OpenAI SDK talk through a multiplexer to a Gonka network on this machine.

  --requests <n>  completions to ask for, at least 1 (default 200)
  --seed <text>   seed of the network's keys, weights and answers (default quickstart)
  --json          print one JSON object at the end instead of progress and a table
  --help          this text

Exits with 1 when a request was lost, with 2 when an option is wrong.
`

type Options = { requests: number; seed: string; json: boolean; help: boolean }

/** @returns The options, or what is wrong with them. */
function readOptions(): Options | string {
  const options = {
    requests: { type: 'string', default: '200' },
    seed: { type: 'string', default: 'quickstart' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  } as const
  try {
    const { values } = parseArgs({ options })
    const requests = Number(values.requests)
    if (Number.isInteger(requests) && requests >= 1) return { ...values, requests }
    return `--requests must be a whole number >= 1; got ${values.requests}.`
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

async function main(): Promise<number> {
  const options = readOptions()
  if (typeof options === 'string') {
    console.error(`${options}\n\n${HELP}`)
    return 2
  }
  const { requests, seed, json, help } = options
  if (help) {
    console.log(HELP)
    return 0
  }
  const startedMs = performance.now()
  const say = (line: string): void => {
    if (!json) console.log(`${((performance.now() - startedMs) / 1000).toFixed(2).padStart(6)} s  ${line}`)
  }
  const report = await runDemo({ requests, seed, say })
  console.log(json ? JSON.stringify(report, undefined, 2) : `\n${formatReport(report)}`)
  return report.lost === 0 ? 0 : 1
}

/** Who reads may stop early, as `head` does: then the rest is for nobody. A full disk is an error. */
function endUnread({ code, message }: NodeJS.ErrnoException): void {
  if (code !== 'EPIPE') console.error(message)
  process.exit(code === 'EPIPE' ? 0 : 1)
}

process.stdout.on('error', endUnread)
try {
  process.exitCode = await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
