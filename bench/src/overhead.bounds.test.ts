import { describe, expect, it } from 'vitest'
import { measureHeap } from './measure-heap.ts'
import type { Measurement } from './measure-rounds.ts'
import { measureRouter, measureRouterStreams, measureSelection } from './measure-router.ts'
import { measureSdkCalls } from './measure-sdk-calls.ts'
import { STREAM_EVENTS } from './payloads.ts'

// What others do on the machine can only make a round slower: the fastest rounds are compared, and a bound holds when it
// holds in one of three measurements.

describe('over a socket, by the clock', () => {
  it.each(['calls', 'streams'] as const)('%s cost less than twice those of the bare SDK', async (kind) => {
    await holdsOnce(async () => {
      const costs = (await measureSdkCalls())[kind]
      expect(costs['mux, described member'].minUs).toBeLessThan(2 * costs['openai SDK'].minUs)
    })
  })

  it('a member given as an OpenAI instance costs at most one further SDK call', async () => {
    await holdsOnce(async () => {
      const { calls } = await measureSdkCalls()
      const describedUs = calls['mux, described member'].minUs
      expect(calls['mux, OpenAI instance'].minUs).toBeLessThanOrEqual(describedUs + calls['openai SDK'].minUs)
    })
  })
})

describe('in memory, by processor time', () => {
  it('router.fetch adds at most 30 µs to the same transport called directly', async () => {
    await holdsOnce(async () => expect(addedUs(await measureRouter())).toBeLessThanOrEqual(30))
  })

  it('router.fetch adds at most 6 µs per event to a stream', async () => {
    await holdsOnce(async () => expect(addedUs(await measureRouterStreams()) / STREAM_EVENTS).toBeLessThanOrEqual(6))
  })

  it('a call costs the same within 3x for 10 and for 10,000 members', async () => {
    await holdsOnce(async () => {
      const cost = await measureSelection()
      expect(cost['10,000 members'].minUs).toBeLessThanOrEqual(3 * cost['10 members'].minUs)
    })
  })
})

it('the heap is flat over 100,000 calls', async () => {
  await holdsOnce(async () => expect((await measureHeap(100_000)).bytesPerCall).toBeLessThan(5))
})

function addedUs({ router, transport }: { router: Measurement; transport: Measurement }): number {
  return router.minUs - transport.minUs
}

async function holdsOnce(measure: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await measure()
    } catch (error) {
      if (attempt === 3) throw error
    }
  }
}
