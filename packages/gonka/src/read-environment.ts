import { GonkaConfigError } from '@gonka/protocol'
import type { GonkaEnvironment, UncheckedOptions } from './config-options.ts'

const FLAGS: ReadonlyMap<string, boolean> = new Map([
  ...['1', 'true', 'yes', 'on'].map((word) => [word, true] as const),
  ...['0', 'false', 'no', 'off'].map((word) => [word, false] as const),
])

/** Reads the settings that environment variables may give; an empty variable is one that is not set.
 * @returns Unchecked options: what is malformed is refused only when no argument takes its place. */
export function readEnvironment(env: GonkaEnvironment): UncheckedOptions {
  const flag = readText(env.GONKA_VERIFY_PROOF)
  return {
    privateKey: readText(env.GONKA_PRIVATE_KEY),
    sourceUrls: readList(env.GONKA_SOURCE_URL),
    endpoints: readList(env.GONKA_ENDPOINTS),
    brokers: readList(env.GONKA_BROKERS)?.map(readBroker),
    address: readText(env.GONKA_ADDRESS),
    trust: readText(env.GONKA_TRUST),
    chainId: readText(env.GONKA_CHAIN_ID),
    verifyProofs: flag === undefined ? undefined : (FLAGS.get(flag.toLowerCase()) ?? flag),
  }
}

const VARIABLES: ReadonlyMap<string, string> = new Map([
  ['privateKey', 'GONKA_PRIVATE_KEY'],
  ['sourceUrls', 'GONKA_SOURCE_URL'],
  ['endpoints', 'GONKA_ENDPOINTS'],
  ['brokers', 'GONKA_BROKERS'],
  ['address', 'GONKA_ADDRESS'],
  ['trust', 'GONKA_TRUST'],
  ['chainId', 'GONKA_CHAIN_ID'],
  ['verifyProofs', 'GONKA_VERIFY_PROOF'],
])

/** Adds to an error which variable gave what is refused: its name is what somebody wrote, and not the option's.
 * @param error - Anything that was thrown; other errors are returned as they are.
 * @param merged - The options that were refused.
 * @param environment - Those that variables gave. */
export function nameVariable(error: unknown, merged: UncheckedOptions, environment: UncheckedOptions): unknown {
  if (!(error instanceof GonkaConfigError)) return error
  const option = (/^\w+/.exec(error.field ?? '')?.[0] ?? '') as keyof UncheckedOptions
  const variable = VARIABLES.get(option)
  if (variable === undefined || merged[option] === undefined || merged[option] !== environment[option]) return error
  const { code, message, field, cause } = error
  return new GonkaConfigError(code, `${message} It came from ${variable}.`, { field, cause })
}

/** The environment of this process; empty where there is no process. */
export function processEnvironment(): GonkaEnvironment {
  const { process } = globalThis as { process?: { env?: GonkaEnvironment } }
  return process?.env ?? {}
}

/** Shells take quotation marks away; some tools that read env files leave them on. */
function readText(value: string | undefined): string | undefined {
  const text = value
    ?.trim()
    .replace(/^(["'])(.*)\1$/s, '$2')
    .trim()
  return text === '' ? undefined : text
}

/** A URL that we accept has no semicolon before its path; a key may. Text without one is refused later, with the field. */
function readBroker(text: string): unknown {
  const [url = '', ...rest] = text.split(';')
  return rest.length === 0 ? text : { url: url.trim(), apiKey: rest.join(';').trim() }
}

function readList(value: string | undefined): string[] | undefined {
  const items = readText(value)
    ?.split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
  return items?.length ? items : undefined
}
