import { parseArgs } from 'node:util'
import { isMultiplexerError } from '@multiplexer/core'
import { formatChange, formatReport } from './format-report.ts'
import { watchDemo } from './watch-demo.ts'
import { type EpochChange, watchEpochs } from './watch-epochs.ts'

const HELP = `Calls a Gonka network and tells who joins, leaves and stays at each new epoch, until Ctrl-C.

  --epochs <n>           stop after n new epochs, at least 1 (default: never; 5 in the demo)
  --interval-ms <n>      time between two refreshes (default 60000; 50 in the demo)
  --pause-ms <n>         time between two calls of one of four callers (default 1000; 10 in the demo)
  --model <id>           which model (default auto: any that the network serves)
  --allow-private-hosts  accept participants at loopback and private addresses
  --json                 print one JSON object at the end
  --help                 this text

The network, a private or test network with signed requests, comes from the environment; without it, a demo runs on this
machine:
  GONKA_SOURCE_URL    a node that is asked for the participants
  GONKA_PRIVATE_KEY   who signs and pays

Ctrl-C waits for calls in flight; once more does not.
Exit code: 0 when all calls were answered, 1 when not, 2 for an option that is wrong.
`

const OPTIONS = {
  epochs: { type: 'string' },
  'interval-ms': { type: 'string' },
  'pause-ms': { type: 'string' },
  model: { type: 'string', default: 'auto' },
  'allow-private-hosts': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

/** How fast things go; undefined is the library's default. */
interface Pace {
  readonly epochs: number | undefined
  readonly refreshIntervalMs: number | undefined
  readonly pauseMs: number | undefined
}

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values']

class UsageError extends Error {
  override readonly name = 'UsageError'
}

async function main(): Promise<void> {
  const values = readOptions()
  if (values.help) return console.log(HELP)
  const isDemo = !process.env.GONKA_SOURCE_URL
  const { epochs, refreshIntervalMs, pauseMs } = readPace(values, isDemo)
  const stop = stopOnSignals()
  let seen = 0
  const onEpoch = (change: EpochChange): void => {
    if (!values.json) console.log(formatChange(change))
    seen += 1
    if (seen === epochs) stop.abort()
  }
  const watch = { model: values.model, pauseMs, signal: stop.signal, onEpoch }
  const network = { allowPrivateHosts: values['allow-private-hosts'], refreshIntervalMs }
  const report = await (isDemo ? watchDemo({ refreshIntervalMs }, watch) : watchEpochs(network, watch))
  console.log(values.json ? JSON.stringify(report, undefined, 2) : toPrintable(formatReport(report)))
  process.exitCode = report.lost > 0 ? 1 : 0
}

function readOptions(): Values {
  try {
    return parseArgs({ options: OPTIONS }).values
  } catch {
    // Node's message quotes the argument, which may be a key in the wrong place.
    const names = Object.keys(OPTIONS).map((name) => `--${name}`)
    throw new UsageError(`An argument is not understood; the options are ${names.join(', ')}.`)
  }
}

function readPace(values: Values, isDemo: boolean): Pace {
  return {
    epochs: parseCount('--epochs', values.epochs) ?? (isDemo ? 5 : undefined),
    refreshIntervalMs: parseCount('--interval-ms', values['interval-ms']) ?? (isDemo ? 50 : undefined),
    pauseMs: parseCount('--pause-ms', values['pause-ms']) ?? (isDemo ? 10 : undefined),
  }
}

function parseCount(name: string, text: string | undefined): number | undefined {
  const count = Number(text ?? 1)
  if (!Number.isSafeInteger(count) || count < 1) throw new UsageError(`${name} must be a whole number >= 1.`)
  return text === undefined ? undefined : count
}

/** The second signal of a kind ends the process as if nobody had listened. A closed pipe, as behind `head`, is a wish to end too. */
function stopOnSignals(): AbortController {
  const stop = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort())
  process.stdout.on('error', () => stop.abort())
  return stop
}

/** Other people's words must not take over the terminal. */
function toPrintable(text: string): string {
  return text.replace(/[^\P{Cc}\n]/gu, ' ')
}

function showError(error: unknown): void {
  const { name, message } = error instanceof Error ? error : new Error('Something that is no error was thrown.')
  const code = isMultiplexerError(error) ? error.code : name
  if (process.argv.includes('--json')) console.log(JSON.stringify({ error: { code, message } }))
  else console.error(toPrintable(message))
}

try {
  await main()
} catch (error) {
  showError(error)
  process.exitCode = error instanceof UsageError ? 2 : 1
}
