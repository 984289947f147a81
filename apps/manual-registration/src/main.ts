import { parseArgs } from 'node:util'
import { type Devnet, startDevnet } from '@gonka/devnet'
import { isMultiplexerError } from '@multiplexer/core'
import { GonkaConfig, type GonkaConfigOptions } from '@multiplexer/gonka'
import { type Report, registerByHand, type Step } from './register-by-hand.ts'

const HELP = `Registers a node of your own and the participants of a Gonka network by hand, and takes them out again.

  --model <id>           which model (default: the first one that the epoch lists)
  --allow-private-hosts  accept participants at loopback and private addresses
  --json                 print one JSON object
  --help                 this text

The network, a private or test network with signed requests, comes from the environment; without it, one is started on
this machine:
  GONKA_SOURCE_URL              a node that is asked for the participants
  GONKA_ENDPOINTS=url;address   your own node
  GONKA_PRIVATE_KEY             who signs and pays

Exit code: 0 when every call was answered while somebody was registered, 1 when not, 2 for wrong usage.
`

const OPTIONS = {
  model: { type: 'string' },
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
  const { GONKA_SOURCE_URL, GONKA_ENDPOINTS } = process.env
  if (!GONKA_SOURCE_URL !== !GONKA_ENDPOINTS)
    throw new UsageError('GONKA_SOURCE_URL and GONKA_ENDPOINTS=url;address are needed together; see --help.')
  await using devnet = GONKA_SOURCE_URL ? undefined : await startDevnet({ participants: 4, latencyMs: 10 })
  const config = devnet ? configOf(devnet) : new GonkaConfig({ allowPrivateHosts }, { env: process.env })
  const report = await registerByHand(config, { model })
  console.log(json ? JSON.stringify(report, undefined, 2) : toPrintable(formatReport(report)))
  process.exitCode = report.steps.slice(0, -1).some(({ errors }) => errors.length > 0) ? 1 : 0
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

/** Its first node plays the one of your own. */
function configOf(devnet: Devnet): GonkaConfig {
  const { url, address } = devnet.node(0)
  const network = { sourceUrls: devnet.urls, privateKey: devnet.account.privateKey, allowPrivateHosts: true }
  const options: GonkaConfigOptions = { ...network, endpoints: [`${url};${address}`] }
  return new GonkaConfig(options, { env: {} })
}

function formatReport({ requesterAddress, epochId, own, discovered, steps }: Report): string {
  return [
    `signed by ${requesterAddress}`,
    `by hand    ${own.member}, weight ${own.weight}`,
    `discovered ${discovered} more in epoch ${epochId}`,
    ...steps.map(formatStep),
  ].join('\n')
}

function formatStep({ title, answers, errors }: Step): string {
  const counts = Object.entries(answers).map(([member, count]) => `${String(count).padStart(4)}  ${member}`)
  return ['', `registered: ${title}`, ...counts, ...errors].join('\n')
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
