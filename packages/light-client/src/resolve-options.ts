import { fromHex, isBytes } from './bytes.ts'
import { createMemoryTrustStore } from './create-memory-trust-store.ts'
import { createRpcSource } from './create-rpc-source.ts'
import { refusal } from './errors.ts'
import { checkTrustLevel, DEFAULT_TRUST_LEVEL } from './trust-level.ts'
import type { BlockSource, Ed25519Verify, FetchLike, TrustLevel, TrustStore } from './types.ts'
import { DEFAULT_MAX_CLOCK_DRIFT_MS } from './verify-light-block.ts'

/** A height, as a number below 2^53 or as a bigint. */
export type Height = bigint | number

/** Options of {@link LightClient}. */
export interface LightClientOptions {
  /** The chain's id. It tells networks apart only by courtesy; the hash in `trust` does it for sure. */
  readonly chainId: string
  /** The header that trust begins with, learned from somewhere else than the nodes asked: its height, and its hash as 64 hex
   * digits or 32 bytes. */
  readonly trust: { readonly height: Height; readonly hash: string | Uint8Array }
  /** How long validators answer for what they signed, in milliseconds; well below the time in which double signing is
   * punished (48 hours on Gonka), such as 86_400_000. */
  readonly trustingPeriodMs: number
  /** The node that blocks are fetched from: a source, or a node's URL. */
  readonly primary: BlockSource | string
  /** Independent nodes that new headers are compared with: sources, or URLs. */
  readonly witnesses: readonly (BlockSource | string)[]
  /** How many witnesses must have the same header. With 0 and no witnesses, a third of the validators and the primary
   * together can deceive. @default 1 */
  readonly minWitnesses?: number | undefined
  /** Share of a trusted set that must have signed a later header, 1/3 to 1. @default 1/3 */
  readonly trustLevel?: TrustLevel | undefined
  /** How far a header may be ahead of the clock, in milliseconds. @default 10_000 */
  readonly maxClockDriftMs?: number | undefined
  /** Most blocks fetched in between for one height. @default 256 */
  readonly maxBisections?: number | undefined
  /** Most headers walked back for one height. @default 1_000 */
  readonly maxBackwardSteps?: number | undefined
  /** Limit of one call of a node given as URL, in milliseconds. @default 30_000 */
  readonly timeoutMs?: number | undefined
  /** Largest answer read from a node given as URL, in bytes. @default 8_388_608 */
  readonly maxResponseBytes?: number | undefined
  /** Where the newest trusted state outlives the process. @default memory */
  readonly store?: TrustStore | undefined
  /** The time, in milliseconds since the Unix epoch. @default Date.now */
  readonly now?: (() => number) | undefined
  /** Used for nodes given as URL, instead of the platform's `fetch`. */
  readonly fetch?: FetchLike | undefined
  /** Checks one signature. @default node:crypto and `@noble/curves` */
  readonly ed25519Verify?: Ed25519Verify | undefined
}

/** Options with everything decided. */
export interface ResolvedOptions {
  readonly chainId: string
  readonly trustHeight: bigint
  readonly trustHash: Uint8Array
  readonly trustingPeriodMs: number
  readonly primary: BlockSource
  readonly witnesses: readonly BlockSource[]
  readonly minWitnesses: number
  readonly trustLevel: TrustLevel
  readonly maxClockDriftMs: number
  readonly maxBisections: number
  readonly maxBackwardSteps: number
  readonly store: TrustStore
  readonly now: () => number
  readonly ed25519Verify: Ed25519Verify | undefined
}

const HASH_BYTES = 32

/** Checks the options and fills in the defaults.
 * @throws {TypeError | RangeError} naming the option. @throws {GonkaConfigError} `url-invalid`.
 * @throws {GonkaProofVerificationError} `trust-level-invalid`, `witness-missing`. */
export function resolveOptions(options: LightClientOptions): ResolvedOptions {
  const { trust, trustLevel = DEFAULT_TRUST_LEVEL, store = createMemoryTrustStore(), now = () => Date.now() } = options
  const { minWitnesses = 1, maxBisections = 256, maxBackwardSteps = 1_000 } = options
  const { maxClockDriftMs = DEFAULT_MAX_CLOCK_DRIFT_MS } = options
  if (typeof options.chainId !== 'string' || options.chainId === '') throw new TypeError('chainId must be a text.')
  if (typeof trust !== 'object' || trust === null) throw new TypeError('trust must be { height, hash }.')
  if (!hasMethods(store, ['load', 'save'])) throw new TypeError('store must have the methods load and save.')
  checkTrustLevel(trustLevel)
  checkCount(options.trustingPeriodMs, 'trustingPeriodMs')
  for (const [field, value] of Object.entries({ minWitnesses, maxBisections, maxBackwardSteps, maxClockDriftMs })) {
    checkCount(value, field)
  }
  const { primary, witnesses } = resolveSources(options)
  if (witnesses.length < minWitnesses) throw tooFewWitnesses(witnesses.length, minWitnesses)
  return {
    chainId: options.chainId,
    trustHeight: parseHeight(trust.height, 'trust.height'),
    trustHash: parseTrustHash(trust.hash),
    trustingPeriodMs: options.trustingPeriodMs,
    ...{ primary, witnesses, minWitnesses, trustLevel, maxClockDriftMs, maxBisections, maxBackwardSteps, store, now },
    ed25519Verify: options.ed25519Verify,
  }
}

/** Reads a height.
 * @throws {RangeError} when it is no integer from 1 up. */
export function parseHeight(height: Height, field = 'height'): bigint {
  if (typeof height === 'bigint' ? height >= 1n : Number.isSafeInteger(height) && height >= 1) return BigInt(height)
  throw new RangeError(`${field} must be an integer from 1 up, exact; got ${String(height)}.`)
}

/** The primary is no witness of its own, and nobody is one twice. */
function resolveSources(options: LightClientOptions): { primary: BlockSource; witnesses: readonly BlockSource[] } {
  const { fetch, timeoutMs, maxResponseBytes } = options
  const byUrl = new Map<string, BlockSource>()
  const resolve = (source: BlockSource | string, field: string): BlockSource => {
    if (typeof source !== 'string') return checkSource(source, field)
    const made = createRpcSource({ url: source, fetch, timeoutMs, maxResponseBytes })
    const known = byUrl.get(made.url) ?? made
    byUrl.set(made.url, known)
    return known
  }
  const primary = resolve(options.primary, 'primary')
  if (!Array.isArray(options.witnesses)) throw new TypeError('witnesses must be a list.')
  const witnesses = new Set(options.witnesses.map((witness, index) => resolve(witness, `witnesses[${index}]`)))
  witnesses.delete(primary)
  return { primary, witnesses: [...witnesses] }
}

function checkSource(source: BlockSource, field: string): BlockSource {
  if (hasMethods(source, ['signedHeader', 'validators'])) return source
  throw new TypeError(`${field} must be a node's URL, or have the methods signedHeader and validators.`)
}

function hasMethods(value: unknown, names: readonly string[]): boolean {
  return names.every((name) => typeof (value as Record<string, unknown> | undefined | null)?.[name] === 'function')
}

function parseTrustHash(hash: string | Uint8Array): Uint8Array {
  const bytes = typeof hash === 'string' ? fromHex(hash) : hash
  if (isBytes(bytes) && bytes.length === HASH_BYTES) return bytes.slice()
  throw new TypeError(`trust.hash must be the header's hash: 64 hex digits or ${HASH_BYTES} bytes.`)
}

function tooFewWitnesses(found: number, needed: number): Error {
  return refusal(
    'witness-missing',
    `witnesses must hold ${needed} or more nodes other than the primary; got ${found}. Add nodes of other operators.`,
  )
}

function checkCount(value: number, field: string): void {
  if (Number.isSafeInteger(value) && value >= 0) return
  throw new RangeError(`${field} must be an integer from 0 up; got ${value}.`)
}
