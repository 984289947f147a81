import { isRefusal, refusal } from './errors.ts'
import { fetchLightBlock, fetchSet } from './fetch-light-block.ts'
import type { BlockSource, CallOptions, LightBlock, TrustedState } from './types.ts'

/** How later blocks are fetched and verified. */
export interface SkipForwardOptions extends CallOptions {
  readonly source: BlockSource
  /** Verifies a block from a trusted state; throws when it cannot. */
  readonly verify: (trusted: TrustedState, untrusted: LightBlock) => TrustedState
  /** Most blocks in between that are fetched. */
  readonly maxBisections: number
}

/** Goes from a trusted state to a later height with as few blocks in between as the changes of the validator set allow.
 *
 * Each block in between lies strictly between the trusted height and the one that could not be reached, so it ends.
 * @returns The state of `height`. Those on the way are not: no witness was asked about them.
 * @throws {GonkaProofVerificationError} `bisection-failed` after too many blocks, and whatever `verify` refuses. */
export async function skipForward(
  from: TrustedState,
  height: bigint,
  options: SkipForwardOptions,
): Promise<TrustedState> {
  const { source, maxBisections } = options
  const open = [await fetchLightBlock(source, height, options)]
  let trusted = from
  let fetched = 0
  for (let block = open.at(-1); block; block = open.at(-1)) {
    trusted = await prepare(trusted, block, options)
    const next = tryVerify(trusted, block, options)
    if (next) {
      trusted = next
      open.pop()
    } else {
      if (fetched++ >= maxBisections) throw tooManyBisections(trusted, height, maxBisections)
      open.push(await fetchLightBlock(source, pivotBetween(trusted, block), options))
    }
  }
  return trusted
}

/** Skipping needs the set that the trusted header names; the next height does not. Whether it is that set, `verify` checks. */
async function prepare(
  trusted: TrustedState,
  { header }: LightBlock,
  options: SkipForwardOptions,
): Promise<TrustedState> {
  const nextHeight = trusted.header.height + 1n
  if (trusted.nextValidators || header.height <= nextHeight) return trusted
  const nextValidators = await fetchSet(options.source, nextHeight, options)
  return { ...trusted, nextValidators }
}

function tryVerify(trusted: TrustedState, block: LightBlock, { verify }: SkipForwardOptions): TrustedState | undefined {
  try {
    return verify(trusted, block)
  } catch (error) {
    if (isRefusal(error, 'not-enough-trust')) return undefined
    throw error
  }
}

/** Nearer to the far end than to the near one: sets change seldom, so a longer skip is worth trying. */
function pivotBetween(trusted: TrustedState, { header }: LightBlock): bigint {
  const { height } = trusted.header
  return height + ((header.height - height) * 9n) / 16n
}

function tooManyBisections({ header }: TrustedState, height: bigint, maxBisections: number): Error {
  return refusal(
    'bisection-failed',
    `Height ${height} cannot be reached from ${header.height} with ${maxBisections} blocks in between. Name a newer height and hash that you trust, or raise maxBisections.`,
  )
}
