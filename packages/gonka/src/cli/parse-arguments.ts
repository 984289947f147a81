import { parseArgs } from 'node:util'
import type { DoctorOptions } from '../doctor/types.ts'

/** What a command line asks for. */
export interface CliRequest {
  readonly command: 'doctor' | 'help' | 'version'
  readonly json: boolean
  readonly keyFile: string | undefined
  /** Only what flags gave. */
  readonly options: DoctorOptions
}

/** A command line that cannot be followed; the message repeats no value. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

const FLAGS = {
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
  json: { type: 'boolean' },
  send: { type: 'boolean' },
  'verify-proof': { type: 'boolean' },
  'no-verify-proof': { type: 'boolean' },
  'allow-private-hosts': { type: 'boolean' },
  'key-file': { type: 'string' },
  'source-url': { type: 'string', multiple: true },
  endpoint: { type: 'string', multiple: true },
  address: { type: 'string' },
  trust: { type: 'string' },
  'chain-id': { type: 'string' },
  scheme: { type: 'string' },
  model: { type: 'string' },
  timeout: { type: 'string' },
} as const

/** Reads the command line.
 * @throws {UsageError} for a command, flag or value that does not fit, and for a key, which would stay in the shell's history. */
export function parseArguments(argv: readonly string[]): CliRequest {
  checkTokens(argv)
  const { values, positionals } = parseArgs({ args: [...argv], options: FLAGS, strict: false, allowPositionals: true })
  const text = (name: keyof typeof FLAGS): string | undefined => values[name] as string | undefined
  const list = (name: keyof typeof FLAGS): string[] | undefined => values[name] as string[] | undefined
  return {
    command: commandOf(positionals, values),
    json: values.json === true,
    keyFile: text('key-file'),
    options: {
      sourceUrls: list('source-url'),
      endpoints: list('endpoint'),
      address: text('address'),
      trust: text('trust') as DoctorOptions['trust'],
      chainId: text('chain-id'),
      verifyProofs: values['verify-proof'] ? true : values['no-verify-proof'] ? false : undefined,
      allowPrivateHosts: values['allow-private-hosts'] === true ? true : undefined,
      scheme: text('scheme') as DoctorOptions['scheme'],
      model: text('model'),
      send: values.send === true,
      timeoutMs: parseTimeout(text('timeout')),
    },
  }
}

/** parseArgs' own messages repeat what was typed, and that may be a key in the wrong place. */
function checkTokens(argv: readonly string[]): void {
  const { tokens } = parseArgs({
    args: [...argv],
    options: FLAGS,
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  for (const token of tokens) if (token.kind === 'option') checkFlag(token)
}

interface FlagToken {
  readonly name: string
  /** With its hyphens. */
  readonly rawName: string
  readonly value: string | undefined
  readonly inlineValue: boolean | undefined
}

function checkFlag({ name, rawName, value, inlineValue }: FlagToken): void {
  if (/^(private-?)?key$|^broker/i.test(name)) throw new UsageError(KEY_REFUSED)
  const flag = Object.hasOwn(FLAGS, name) ? FLAGS[name as keyof typeof FLAGS] : undefined
  if (!flag) throw new UsageError(`${/^--?[a-z][a-z-]{0,24}$/.test(rawName) ? rawName : 'a flag'} is not known.`)
  if (flag.type === 'boolean' && value !== undefined) throw new UsageError(`--${name} takes no value.`)
  const isMissing = value === undefined || value === '' || (!inlineValue && value.startsWith('-'))
  if (flag.type === 'string' && isMissing) throw new UsageError(`--${name} needs a value.`)
}

const KEY_REFUSED =
  'keys are not taken from the command line: they would stay in the shell history and in the list of processes. Set GONKA_PRIVATE_KEY or GONKA_BROKERS, or use --key-file.'

function commandOf(positionals: readonly string[], flags: Readonly<Record<string, unknown>>): CliRequest['command'] {
  if (flags.help === true) return 'help'
  if (flags.version === true) return 'version'
  const [command, ...rest] = positionals
  if (command === 'help' && rest.length === 0) return 'help'
  if (command === undefined) throw new UsageError('a command is required: doctor.')
  if (command !== 'doctor') throw new UsageError('the command is not known; there is one: doctor.')
  if (rest.length > 0) throw new UsageError('doctor takes flags only.')
  return 'doctor'
}

function parseTimeout(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const timeoutMs = Number(text)
  if (/^\d+$/.test(text) && timeoutMs >= 1 && timeoutMs <= 2 ** 31 - 1) return timeoutMs
  throw new UsageError('--timeout must be a whole number of milliseconds, 1 to 2147483647.')
}
