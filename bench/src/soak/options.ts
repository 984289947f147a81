import { parseArgs } from 'node:util'

/** What a soak is run with. */
export interface SoakOptions {
  /** How long calls are made, in seconds. */
  readonly durationS: number
  /** Decides every fault. */
  readonly seed: number
  /** Calls in flight at any moment. */
  readonly inFlight: number
  /** Print the result as JSON instead of a table. */
  readonly json: boolean
  readonly help: boolean
}

/** What `--help` prints. */
export const USAGE = `Usage: node bench/dist/soak/main.js [--duration <s>] [--seed <n>] [--in-flight <n>] [--json]

Holds a number of calls in flight through two multiplexers to a Gonka network on this machine, in which an epoch turns
every 20 seconds and something fails every second, and looks whether calls get lost or anything grows.

  --duration <s>     seconds, at least 30 (default 600)
  --seed <n>         whole number that decides every fault (default: by chance; it is printed)
  --in-flight <n>    calls in flight (default 200)
  --json             print the result as JSON
  --help             this text

Exits with 1 when a bound is broken, with 2 when an option is wrong.`

/** Reads the command line.
 * @throws Error naming the option that does not fit. */
export function parseOptions(args: readonly string[], random: () => number = () => Math.random()): SoakOptions {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean', default: false } as const
  const { values } = parseArgs({
    args: [...args],
    options: { duration: text, seed: text, 'in-flight': text, json: flag, help: flag },
  })
  return {
    durationS: wholeNumber('--duration', values.duration ?? '600', 30),
    seed: wholeNumber('--seed', values.seed ?? `${Math.floor(random() * 2 ** 32)}`, 0),
    inFlight: wholeNumber('--in-flight', values['in-flight'] ?? '200', 1),
    json: values.json,
    help: values.help,
  }
}

function wholeNumber(option: string, text: string, least: number): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= least) return value
  throw new Error(`${option} must be a whole number >= ${least}; got ${JSON.stringify(text)}.`)
}
