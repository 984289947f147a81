import { createEpoch, type Epoch, type EpochMember } from './epochs.ts'

/** How many epochs lie before the first one, where there is room for them: their records stay provable. */
const PAST_EPOCHS = 3
const BLOCKS_PER_PAST_EPOCH = 20

/** Between the height at which an epoch takes effect and the height at which the devnet starts. */
const BLOCKS_SINCE_EFFECTIVE = 5

const EPOCH_NS = 23n * 3_600n * 1_000_000_000n

/** Time between two blocks of the past: a past epoch takes as long as a real one, in few blocks. */
export const PAST_STEP_NS: bigint = EPOCH_NS / BigInt(BLOCKS_PER_PAST_EPOCH)

/** The height at which a devnet that begins with this epoch starts. */
export function startHeight(epochId: number): number {
  return epochId * 1_000
}

/** The first block that there is. */
export function earliestHeight(epochId: number): number {
  return startHeight(epochId) - BLOCKS_PER_PAST_EPOCH * (PAST_EPOCHS + 1)
}

/** The first epoch and those before it, the oldest first; all with the same members. */
export function createHistory(epochId: number, members: readonly EpochMember[]): Epoch[] {
  const past = Math.min(PAST_EPOCHS, epochId - 1)
  return Array.from({ length: past + 1 }, (_, index) => {
    const ago = past - index
    const effective = startHeight(epochId) - BLOCKS_SINCE_EFFECTIVE - ago * BLOCKS_PER_PAST_EPOCH
    return createEpoch(epochId - ago, effective, members)
  })
}
