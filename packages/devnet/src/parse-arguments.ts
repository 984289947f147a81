import { parseArgs } from 'node:util'
import { MAX_TIMER_MS } from './parse-options.ts'
import type { DevnetMode, DevnetOptions, JsonDialect } from './types.ts'

/** What the command line asks for. */
export interface CliRequest {
  readonly options: DevnetOptions
  /** Time between epochs in milliseconds; 0 leaves the first one in force. */
  readonly epochMs: number
  readonly json: boolean
  readonly help: boolean
}

/** Printed by `--help`. */
export const USAGE = `Usage: gonka-devnet [options]

Starts a whole Gonka network on 127.0.0.1 and runs until Ctrl-C.

  --participants <n>     participants to start                      (5)
  --seed <text>          keys, weights and answers come from it     (devnet)
  --mode <mode>          classic-v1, classic-v2, retired, gateway   (classic-v2)
  --model <id>           model to serve; repeatable                 (sim/model-a)
  --dialect <dialect>    numbers, strings, mixed                    (numbers)
  --chain-id <id>        part of all that validators sign           (gonka-devnet)
  --epoch <n>            the first epoch                            (7)
  --epoch-seconds <n>    turn the epoch every n seconds: one joins, one leaves
  --latency-ms <n>       time to the first byte of an answer        (0)
  --token-delay-ms <n>   time between two events of a stream        (0)
  --json                 print one line of JSON instead of text
  --help                 print this
`

/** Reads the command line.
 * @throws TypeError or RangeError naming the flag at fault. Values of mode, dialect and chain id are checked by `startDevnet`. */
export function parseArguments(argv: readonly string[]): CliRequest {
  const { values } = parseArgs({
    args: [...argv],
    strict: true,
    allowPositionals: false,
    options: {
      participants: { type: 'string' },
      seed: { type: 'string' },
      mode: { type: 'string' },
      model: { type: 'string', multiple: true },
      dialect: { type: 'string' },
      'chain-id': { type: 'string' },
      epoch: { type: 'string' },
      'epoch-seconds': { type: 'string' },
      'latency-ms': { type: 'string' },
      'token-delay-ms': { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  })
  const options: DevnetOptions = {
    participants: parseNumber('participants', values.participants),
    seed: values.seed,
    mode: values.mode as DevnetMode | undefined,
    models: values.model,
    dialect: values.dialect as JsonDialect | undefined,
    chainId: values['chain-id'],
    epoch: parseNumber('epoch', values.epoch),
    latencyMs: parseNumber('latency-ms', values['latency-ms']),
    tokenDelayMs: parseNumber('token-delay-ms', values['token-delay-ms']),
  }
  const epochMs = parseSeconds('epoch-seconds', values['epoch-seconds']) * 1_000
  return { options, epochMs, json: values.json ?? false, help: values.help ?? false }
}

const MAX_SECONDS = Math.floor(MAX_TIMER_MS / 1_000)

function parseSeconds(flag: string, text: string | undefined): number {
  const seconds = parseNumber(flag, text) ?? 0
  if (seconds > MAX_SECONDS) throw new RangeError(`--${flag} must be at most ${MAX_SECONDS}; got ${text}.`)
  return seconds
}

function parseNumber(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^\d{1,9}(?:\.\d{1,3})?$/.test(text)) throw new RangeError(`--${flag} must be a number >= 0; got ${text}.`)
  return Number(text)
}
