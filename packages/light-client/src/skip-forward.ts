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

/** A block that waits for one in between. Fetched again when its turn comes, if it was let go. */
interface OpenBlock {
  readonly height: bigint
  block: LightBlock | undefined
}

/** Most blocks held at once. A liar makes up heights far away with the largest sets, and none of them is verified yet. */
const MAX_HELD_BLOCKS = 8

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
  const open: OpenBlock[] = [{ height, block: undefined }]
  let trusted = from
  let fetched = 0
  for (let top = open.at(-1); top; top = open.at(-1)) {
    top.block ??= await fetchLightBlock(source, top.height, options)
    const { block } = top
    trusted = await prepare(trusted, block, options)
    const next = tryVerify(trusted, block, options)
    if (next) {
      trusted = next
      open.pop()
    } else {
      if (fetched++ >= maxBisections) throw tooManyBisections(trusted, height, maxBisections)
      open.push({ height: pivotBetween(trusted, block), block: undefined })
      const furthest = open.at(-1 - MAX_HELD_BLOCKS)
      if (furthest) furthest.block = undefined
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
