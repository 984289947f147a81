import { GonkaError } from '@gonka/protocol'
import { createChainClock } from '@gonka/signer'
import { passed, skipped, warned } from './create-row.ts'
import type { ChainParams } from './fetch-params.ts'
import type { DoctorPorts, DoctorRow } from './types.ts'

/** Mainnet's window at genesis. @see Protocol reference, section 1.4 */
const WINDOW = { expirationS: 60, advanceS: 30 }

/** How far the local clock is from block time, by which nodes judge timestamps. */
export async function checkClock(
  nodeUrls: readonly string[],
  params: ChainParams | undefined,
  ports: DoctorPorts,
): Promise<DoctorRow> {
  if (nodeUrls.length === 0) return skipped('clock', { detail: 'no node answers that could tell block time' })
  const { signal, ...rest } = ports
  const clock = createChainClock({ ...rest, nodeUrls, random: () => 0 })
  try {
    await clock.resync(signal)
  } catch (error) {
    signal?.throwIfAborted()
    if (!(error instanceof GonkaError)) throw error
    return skipped('clock', { detail: `block time could not be read: ${error.message}` })
  }
  return judgeOffset(Number(clock.offsetNs) / 1e9, params ?? WINDOW)
}

/** @param offsetS - Block time less local time: negative when the local clock is ahead. */
function judgeOffset(offsetS: number, { expirationS, advanceS }: typeof WINDOW): DoctorRow {
  const aheadS = -offsetS
  const shown = Math.abs(aheadS) < 0.05 ? 0 : Math.round(Math.abs(aheadS) * 10) / 10
  const detail = shown === 0 ? 'equals block time' : `${shown} s ${aheadS > 0 ? 'ahead of' : 'behind'} block time`
  const fits = aheadS <= advanceS && aheadS >= -expirationS
  if (fits) return passed('clock', { detail })
  return warned('clock', {
    detail: `${detail}; nodes refuse timestamps more than ${advanceS} s ahead or ${expirationS} s behind`,
    next: 'nothing for registerGonkaModels with a source, which follows block time after one refusal; otherwise set the clock, or pass createChainClock({ nodeUrl })',
  })
}
