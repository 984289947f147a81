import type { DevnetMode, DevnetOptions, JsonDialect, ParticipantSpec } from './types.ts'

/** Longer than this, in milliseconds, a timer would fire at once. */
export const MAX_TIMER_MS: number = 2 ** 31 - 1

/** A checked participant. */
export interface ParsedSpec {
  readonly weight: number | undefined
  readonly models: readonly string[]
  readonly capacity: number
  readonly listed: boolean
}

/** Checked options with their defaults. */
export interface ParsedOptions {
  readonly participants: readonly ParsedSpec[]
  readonly seed: string
  readonly chainId: string
  readonly mode: DevnetMode
  readonly models: readonly string[]
  readonly dialect: JsonDialect
  readonly epoch: number
  readonly blockTimeMs: number
  readonly latencyMs: number
  readonly tokenDelayMs: number
  readonly now: () => number
}

const MODES: readonly DevnetMode[] = ['classic-v1', 'classic-v2', 'retired', 'gateway']
const DIALECTS: readonly JsonDialect[] = ['numbers', 'strings', 'mixed']
const MAX_PARTICIPANTS = 1_000

/** Checks the options of `startDevnet` and fills in defaults. */
export function parseOptions(options: DevnetOptions): ParsedOptions {
  const { seed = 'devnet', mode = 'classic-v2', models = ['sim/model-a'], dialect = 'numbers', epoch = 7 } = options
  const { blockTimeMs = 1_000, latencyMs = 0, tokenDelayMs = 0, now = () => Date.now() } = options
  const { chainId = 'gonka-devnet' } = options
  if (!MODES.includes(mode)) throw new TypeError(`mode must be one of ${MODES.join(', ')}.`)
  if (!DIALECTS.includes(dialect)) throw new TypeError(`dialect must be one of ${DIALECTS.join(', ')}.`)
  checkWhole('epoch', epoch, 1)
  checkChainId(chainId)
  checkModels(models)
  for (const [name, value] of Object.entries({ blockTimeMs, latencyMs, tokenDelayMs })) checkDuration(name, value)
  const participants = parseParticipants(options.participants ?? 5, models)
  if (!participants.some(({ listed }) => listed)) throw new RangeError('participants must hold one that is listed.')
  return { participants, seed, chainId, mode, models, dialect, epoch, blockTimeMs, latencyMs, tokenDelayMs, now }
}

/** Checks participants to create: a count, or one description each. */
export function parseParticipants(
  participants: number | readonly ParticipantSpec[],
  models: readonly string[],
): ParsedSpec[] {
  const specs = typeof participants === 'number' ? repeat(participants) : participants
  if (specs.length > MAX_PARTICIPANTS) throw tooMany(specs.length)
  return specs.map((spec) => parseSpec(spec, models))
}

/** Checks a weight.
 * @throws RangeError when it is not a whole number from 0 to 2^53 - 1. */
export function checkWeight(weight: number): void {
  checkWhole('weight', weight, 0)
}

function parseSpec(spec: ParticipantSpec, defaultModels: readonly string[]): ParsedSpec {
  const { weight, models = defaultModels, capacity = Number.POSITIVE_INFINITY, listed = true } = spec
  if (weight !== undefined) checkWeight(weight)
  checkModels(models)
  if (!(capacity >= 0)) throw new RangeError('capacity must be >= 0.')
  return { weight, models: [...models], capacity, listed }
}

/** A string would be taken for a list of its letters. What a model is called is free: hostile nodes list anything. */
function checkModels(models: readonly string[]): void {
  if (Array.isArray(models) && models.every((id) => typeof id === 'string' && id !== '')) return
  throw new TypeError('models must be a list of ids, none of them empty.')
}

/** CometBFT's limit. */
const MAX_CHAIN_ID_LENGTH = 50

function checkChainId(chainId: string): void {
  if (typeof chainId === 'string' && /^[\x21-\x7e]+$/.test(chainId) && chainId.length <= MAX_CHAIN_ID_LENGTH) return
  throw new RangeError(`chainId must be 1 to ${MAX_CHAIN_ID_LENGTH} visible ASCII characters.`)
}

function repeat(count: number): ParticipantSpec[] {
  checkWhole('participants', count, 0)
  if (count > MAX_PARTICIPANTS) throw tooMany(count)
  return Array.from({ length: count }, () => ({}))
}

function tooMany(count: number): RangeError {
  return new RangeError(`participants must be at most ${MAX_PARTICIPANTS}; got ${count}.`)
}

function checkWhole(name: string, value: number, min: number): void {
  if (Number.isSafeInteger(value) && value >= min) return
  throw new RangeError(`${name} must be a whole number from ${min} to 2^53 - 1; got ${value}.`)
}

function checkDuration(name: string, value: number): void {
  if (value >= 0 && value <= MAX_TIMER_MS) return
  throw new RangeError(`${name} must be from 0 to 2^31 - 1 milliseconds; got ${value}.`)
}
