import { parseArgs } from 'node:util'
import { isMultiplexerError, Multiplexer } from '@multiplexer/core'
import { askMany, mixProviders } from './mix-providers.ts'
import { namesGonka, readMix, UsageError } from './read-mix.ts'
import { type Phase, runDemo } from './run-demo.ts'

const HELP = `Asks Gonka first, and ordinary OpenAI-compatible providers when Gonka cannot answer.

  --model <id>           which model; required, except in the demo
  --calls <n>            how many calls, in the demo per phase, at least 1 (default 20)
  --allow-private-hosts  accept participants at loopback and private addresses
  --json                 print one JSON object
  --help                 this text

Everybody comes from the environment. Without participants and brokers, a demo runs on this machine: a network, a broker and
two providers, some of them down for a while.
  GONKA_SOURCE_URL and GONKA_PRIVATE_KEY            a private or test network, signed requests
  GONKA_BROKERS=url;key                             brokers: the public network
  OPENAI_API_KEY, OPENAI_BASE_URL, OPENAI_MODEL     a provider, through the SDK's client
  FALLBACK_URL, FALLBACK_API_KEY, FALLBACK_MODEL    another one; models are --model unless said otherwise

Exit code: 0 when all calls were answered, 1 when not, 2 for wrong usage.
`

const OPTIONS = {
  model: { type: 'string' },
  calls: { type: 'string', default: '20' },
  'allow-private-hosts': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

async function main(): Promise<void> {
  const { model, json, help, 'allow-private-hosts': allowPrivateHosts, ...values } = readOptions()
  if (help) return console.log(HELP)
  const calls = parseCalls(values.calls)
  const phases = namesGonka(process.env)
    ? [await runOnce({ model, allowPrivateHosts }, calls)]
    : await runDemo({ calls })
  console.log(json ? JSON.stringify({ phases }, undefined, 2) : toPrintable(phases.map(formatPhase).join('\n\n')))
  process.exitCode = phases.some(({ errors }) => errors.length > 0) ? 1 : 0
}

async function runOnce(options: Parameters<typeof readMix>[1], calls: number): Promise<Phase> {
  const mix = readMix(process.env, options)
  await using mux = new Multiplexer()
  const { refreshManager } = await mixProviders(mux, mix)
  try {
    const answers = await askMany(mux, { model: mix.model, calls })
    return { title: `${calls} calls`, ...answers, failovers: mux.getStats().failovers }
  } finally {
    await refreshManager?.stop()
  }
}

function readOptions(): ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'] {
  try {
    return parseArgs({ options: OPTIONS }).values
  } catch {
    // Node's message quotes the argument, which may be a key in the wrong place.
    const names = Object.keys(OPTIONS).map((name) => `--${name}`)
    throw new UsageError(`An argument is not understood; the options are ${names.join(', ')}.`)
  }
}

function parseCalls(text: string): number {
  const calls = Number(text)
  if (!Number.isSafeInteger(calls) || calls < 1) throw new UsageError('--calls must be a whole number >= 1.')
  return calls
}

function formatPhase({ title, answers, errors, failovers }: Phase): string {
  const counts = Object.entries(answers)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([member, count]) => `${String(count).padStart(5)}  ${member}`)
  const summary = `${String(failovers).padStart(5)}  failovers, ${errors.length} lost`
  return [title, ...counts, summary, ...new Set(errors)].join('\n')
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
