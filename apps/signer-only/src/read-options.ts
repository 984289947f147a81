import { parseArgs } from 'node:util'

/** Where values may come from besides the command line. */
export type Environment = Readonly<Record<string, string | undefined>>

/** What one run needs to know. */
export interface Options {
  readonly privateKey: string
  readonly nodeUrl: string
  readonly transferAddress: string
  readonly model: string
  readonly prompt: string
  readonly scheme: 'v1' | 'v2'
  readonly timeoutMs: number
}

/** What the command line asks for. */
export interface Command {
  readonly help: boolean
  readonly json: boolean
  /** Reads the rest; a closure, so that `--help` and `--json` work when the rest is wrong. */
  readonly readOptions: () => Options
}

/** The command line or the environment is wrong; the message is for the person who typed it. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** The private key is read from the environment only: arguments show in process lists and shell histories. */
export const HELP = `Sends one signed chat completion to a Gonka node and prints the answer.

  GONKA_PRIVATE_KEY=… node dist/main.js --node URL --transfer-address gonka1… --model ID [--prompt TEXT]

  --node URL               the node, like http://127.0.0.1:8000     or GONKA_NODE_URL
  --transfer-address ADDR  the node's account address, gonka1…      or GONKA_TRANSFER_ADDRESS
  --model ID               a model that URL/v1/models lists         or GONKA_MODEL
  --prompt TEXT            what to say                              default: Hello
  --scheme v1|v2           v1 for nodes before v0.2.6               default: v2
  --timeout-ms N           how long to wait for the answer          default: 60000
  --json                   print one JSON object
  --help                   print this

GONKA_PRIVATE_KEY, 64 hex digits, is never taken from an argument.
Exit code: 0 for a 2xx answer, 1 for any other answer or none, 2 for wrong usage.
`

const ARGUMENTS = {
  node: { type: 'string' },
  'transfer-address': { type: 'string' },
  model: { type: 'string' },
  prompt: { type: 'string', default: 'Hello' },
  scheme: { type: 'string', default: 'v2' },
  'timeout-ms': { type: 'string', default: '60000' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

type Values = ReturnType<typeof parseArgs<{ options: typeof ARGUMENTS }>>['values']

/** Reads the command line.
 * @param args - Arguments after the script's name.
 * @param environment - Values for what the arguments leave out.
 * @throws {UsageError} for unknown arguments; `readOptions` throws it for missing or wrong values. */
export function readCommand(args: readonly string[], environment: Environment): Command {
  const values = parse(args)
  const readOptions = (): Options => ({
    privateKey: required('GONKA_PRIVATE_KEY', environment.GONKA_PRIVATE_KEY),
    nodeUrl: checkNodeUrl(required('--node or GONKA_NODE_URL', values.node ?? environment.GONKA_NODE_URL)),
    transferAddress: required(
      '--transfer-address or GONKA_TRANSFER_ADDRESS',
      values['transfer-address'] ?? environment.GONKA_TRANSFER_ADDRESS,
    ),
    model: required('--model or GONKA_MODEL', values.model ?? environment.GONKA_MODEL),
    prompt: values.prompt,
    scheme: checkScheme(values.scheme),
    timeoutMs: checkTimeout(values['timeout-ms']),
  })
  return { help: values.help, json: values.json, readOptions }
}

function parse(args: readonly string[]): Values {
  try {
    return parseArgs({ args: [...args], options: ARGUMENTS, strict: true, allowPositionals: false }).values
  } catch {
    // Node's message quotes the argument, which may be a key in the wrong place.
    const names = Object.keys(ARGUMENTS).map((name) => `--${name}`)
    throw new UsageError(`An argument is not understood; the options are ${names.join(', ')}.`)
  }
}

function required(name: string, value: string | undefined): string {
  if (value === undefined || value === '') throw new UsageError(`${name} is missing; see --help.`)
  return value
}

function checkNodeUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || /[?#]/.test(url.href)) {
    throw new UsageError(
      '--node must be an http or https URL without credentials and query, like http://127.0.0.1:8000.',
    )
  }
  return url.href.replace(/\/+$/, '').replace(/\/v1$/, '')
}

function checkScheme(text: string): 'v1' | 'v2' {
  if (text !== 'v1' && text !== 'v2') throw new UsageError('--scheme must be v1 or v2.')
  return text
}

function checkTimeout(text: string): number {
  const timeoutMs = Number(text)
  if (!Number.isInteger(timeoutMs) || timeoutMs < 1 || timeoutMs > 2 ** 31 - 1) {
    throw new UsageError('--timeout-ms must be a whole number of milliseconds, at least 1.')
  }
  return timeoutMs
}
