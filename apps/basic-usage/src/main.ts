import { parseArgs } from 'node:util'
import { type Devnet, startDevnet } from '@gonka/devnet'
import { isMultiplexerError } from '@multiplexer/core'
import type { RegisterGonkaModelsOptions } from '@multiplexer/gonka'
import { type Answer, askGonka, type Report } from './ask-gonka.ts'

const HELP = `Asks a Gonka network one question at once and one as a stream.

  --model <id>           which model (default auto: any that the network serves)
  --allow-private-hosts  accept participants at loopback and private addresses
  --json                 print one JSON object
  --help                 this text

The network comes from the environment; without one, one is started on this machine:
  GONKA_SOURCE_URL and GONKA_PRIVATE_KEY   a private or test network, signed requests
  GONKA_BROKERS=url;key                    the public network

Exit code: 0 when both were answered, 1 when not, 2 for an option that is wrong.
`

const OPTIONS = {
  model: { type: 'string', default: 'auto' },
  'allow-private-hosts': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

class UsageError extends Error {
  override readonly name = 'UsageError'
}

async function main(): Promise<void> {
  const { model, json, help, 'allow-private-hosts': allowPrivateHosts } = readOptions()
  if (help) return console.log(HELP)
  const { GONKA_SOURCE_URL, GONKA_ENDPOINTS, GONKA_BROKERS } = process.env
  const isNetworkGiven = Boolean(GONKA_SOURCE_URL || GONKA_ENDPOINTS || GONKA_BROKERS)
  await using devnet = isNetworkGiven ? undefined : await startDevnet({ participants: 3, tokenDelayMs: 5 })
  const settings = devnet ? settingsOf(devnet) : { allowPrivateHosts }
  const write = json ? undefined : (text: string) => void process.stdout.write(toPrintable(text))
  const report = await askGonka(settings, { model, write })
  console.log(json ? JSON.stringify(report, undefined, 2) : `\n\n${formatReport(report)}`)
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

function settingsOf(devnet: Devnet): RegisterGonkaModelsOptions {
  return { sourceUrls: devnet.urls, privateKey: devnet.account.privateKey, allowPrivateHosts: true, env: {} }
}

function formatReport({ modelsRegistered, epochId, requesterAddress, whole, streamed, outcomes }: Report): string {
  const counts = Object.entries(outcomes).map(([outcome, count]) => `${count} ${outcome}`)
  return [
    `registered  ${modelsRegistered} in epoch ${epochId}, ${requesterAddress ? `signed by ${requesterAddress}` : 'with API keys'}`,
    `at once     ${formatAnswer(whole)}`,
    `streamed    ${formatAnswer(streamed)}`,
    `calls       ${counts.join(', ')}`,
  ].join('\n')
}

function formatAnswer({ text, answeredBy, attempts }: Answer): string {
  const trail = attempts.map(({ verdict, ms }) => `${verdict.kind} after ${Math.round(ms)} ms`).join(', ')
  return `${text.length} characters by ${answeredBy} (${trail})`
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
