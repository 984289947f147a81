import { collectGarbage } from './collect-garbage.ts'
import { answerInMemory, callRouter } from './in-memory.ts'
import { createRouter } from './measure-router.ts'

/** How the heap of one router grew. */
export interface HeapGrowth {
  readonly calls: number
  /** Heap in use after garbage collection, in bytes, before the first counted call. */
  readonly beforeBytes: number
  /** The same after each fifth of the calls. */
  readonly samplesBytes: readonly number[]
  /** Last sample less first, per call. */
  readonly bytesPerCall: number
}

/** Makes `calls` calls through one router and looks at the heap in between, warm-up left out.
 * @param calls - Calls that count. */
export async function measureHeap(calls: number): Promise<HeapGrowth> {
  const router = createRouter(answerInMemory)
  for (let call = 0; call < WARM_UP_CALLS; call++) await callRouter(router)
  const beforeBytes = await collectGarbage()
  const samplesBytes: number[] = []
  for (let sample = 0; sample < SAMPLES; sample++) {
    for (let call = 0; call < calls / SAMPLES; call++) await callRouter(router)
    samplesBytes.push(await collectGarbage())
  }
  const grownBytes = (samplesBytes.at(-1) ?? beforeBytes) - beforeBytes
  return { calls, beforeBytes, samplesBytes, bytesPerCall: grownBytes / calls }
}

const SAMPLES = 5
const WARM_UP_CALLS = 5_000
