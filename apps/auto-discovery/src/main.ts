import { parseArgs } from 'node:util'
import { type Devnet, startDevnet } from '@gonka/devnet'
import { isMultiplexerError } from '@multiplexer/core'
import type { RegisterGonkaModelsOptions } from '@multiplexer/gonka'
import { discoverAndSpread } from './discover-and-spread.ts'
import { formatReport } from './format-report.ts'

const HELP = `Finds the participants of a Gonka network and spreads calls over them by weight.

  --verify               use only participants that the chain's validators signed for
  --calls <n>            how many calls, at least 0 (default 200)
  --model <id>           which model (default auto: any that the network serves)
  --allow-private-hosts  accept participants at loopback and private addresses
  --json                 print one JSON object
  --help                 this text

The network comes from the environment; without one, one is started on this machine:
  GONKA_SOURCE_URL, GONKA_PRIVATE_KEY   a private or test network, signed requests
  GONKA_CHAIN_ID                        with --verify: the chain's id
  GONKA_TRUST=height:hash               with --verify: a header that you know (default first-use)

Exit code: 0 when all calls were answered, 1 when not, 2 for an option that is wrong.
`

const OPTIONS = {
  verify: { type: 'boolean', default: false },
  calls: { type: 'string', default: '200' },
  model: { type: 'string', default: 'auto' },
  'allow-private-hosts': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

class UsageError extends Error {
  override readonly name = 'UsageError'
}

async function main(): Promise<void> {
  const { verify, calls, model, json, help, 'allow-private-hosts': allowPrivateHosts } = readOptions()
  if (help) return console.log(HELP)
  const load = { calls: parseCalls(calls), model }
  const isNetworkGiven = Boolean(process.env.GONKA_SOURCE_URL || process.env.GONKA_ENDPOINTS)
  const participants = [40, 25, 20, 10, 5].map((weight) => ({ weight }))
  await using devnet = isNetworkGiven ? undefined : await startDevnet({ participants })
  const network = devnet ? settingsOf(devnet) : { allowPrivateHosts }
  const report = await discoverAndSpread({ ...network, ...(verify ? proofsOf(devnet) : {}) }, load)
  console.log(json ? JSON.stringify(report, undefined, 2) : toPrintable(formatReport(report)))
  process.exitCode = report.lost > 0 ? 1 : 0
}

function settingsOf({ urls, account }: Devnet): RegisterGonkaModelsOptions {
  return { sourceUrls: urls, privateKey: account.privateKey, allowPrivateHosts: true, env: {} }
}

/** A header that you know is worth more than the first one that a node shows. */
function proofsOf(devnet: Devnet | undefined): RegisterGonkaModelsOptions {
  if (devnet) return { verifyProofs: true, chainId: devnet.chainId, trust: devnet.trustAnchor() }
  return process.env.GONKA_TRUST ? { verifyProofs: true } : { verifyProofs: true, trust: 'first-use' }
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
  if (text.trim() === '' || !Number.isSafeInteger(calls) || calls < 0)
    throw new UsageError('--calls must be a whole number >= 0.')
  return calls
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
