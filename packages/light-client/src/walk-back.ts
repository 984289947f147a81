import { equalBytes } from './bytes.ts'
import { refusal } from './errors.ts'
import { fetchSignedHeader } from './fetch-light-block.ts'
import { hashHeader } from './hash-header.ts'
import type { BlockSource, CallOptions, TrustedState } from './types.ts'

/** How earlier headers are fetched. */
export interface WalkBackOptions extends CallOptions {
  readonly source: BlockSource
  /** Most headers that are fetched. */
  readonly maxBackwardSteps: number
}

/** Goes from a trusted header to an earlier one, header by header: each names the hash of the one before. That needs no
 * signatures, and does not grow old. A header whose hash was named needs no other check.
 * @throws {GonkaProofVerificationError} `backwards-too-far`, `backwards-link-broken`, `rpc-answer-invalid`, and those of a
 * malformed header. */
export async function walkBack(from: TrustedState, height: bigint, options: WalkBackOptions): Promise<TrustedState> {
  const { source, maxBackwardSteps } = options
  const steps = from.header.height - height
  if (steps > BigInt(maxBackwardSteps)) {
    throw refusal(
      'backwards-too-far',
      `Height ${height} is ${steps} headers before ${from.header.height}; at most ${maxBackwardSteps} are walked. Name a height and hash nearer to it, or raise maxBackwardSteps.`,
    )
  }
  let state = from
  while (state.header.height > height) state = await stepBack(state, source, options)
  return state
}

async function stepBack(later: TrustedState, source: BlockSource, options: CallOptions): Promise<TrustedState> {
  const { height, lastBlockId, timeNs } = later.header
  const { header } = await fetchSignedHeader(source, height - 1n, options)
  const hash = hashHeader(header)
  if (!equalBytes(hash, lastBlockId.hash)) {
    throw refusal(
      'backwards-link-broken',
      `The header at height ${header.height} is not the one that ${height} follows.`,
      {
        expectedHash: lastBlockId.hash,
        computedHash: hash,
      },
    )
  }
  if (header.timeNs >= timeNs) {
    throw refusal(
      'backwards-link-broken',
      `The header at height ${header.height} must be earlier than that at ${height}.`,
    )
  }
  return { header, hash, anchorHash: later.anchorHash }
}
