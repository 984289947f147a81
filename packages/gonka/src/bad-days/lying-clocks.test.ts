import type { FaultSpec } from '@gonka/devnet'
import { expect, test } from 'vitest'
import { askTimes, chatStatuses, nameOf, startBadDay } from '../fixtures/bad-day.ts'

/** Block time as a node tells it that lies. */
function tellingTime(time: string): FaultSpec {
  return { status: 200, body: { result: { sync_info: { latest_block_time: time } } }, path: 'rpc' }
}

test.each(['signature is too old', 'signature is in the future'])(
  'a participant that calls every signature wrong ("%s") is asked twice a call, and others answer',
  async (error) => {
    const { devnet, mux } = await startBadDay({
      devnet: { participants: [{ listed: false }, { weight: 1_000_000 }, { weight: 1 }] },
    })
    const [liar, honest] = [devnet.node(1), devnet.node(2)]
    liar.fault({ status: 400, body: { error } })
    await askTimes(mux, 10)
    expect(chatStatuses(honest)).toEqual(Array<number>(10).fill(200))
    // The breaker opens after three attempts, each with one fresh signature.
    expect(chatStatuses(liar)).toEqual(Array<number>(6).fill(400))
    const sent = liar.requests.map(({ headers }) => headers['x-timestamp']).filter((each) => each !== undefined)
    expect(new Set(sent).size).toBe(6)
    expect(mux.getStats().members[nameOf(liar)]).toMatchObject({ breaker: 'open' })
    expect(mux.getStats().members[nameOf(honest)]).toMatchObject({ verdicts: { ok: 10 } })
  },
)

test.each(['1999-01-01T00:00:00Z', '2033-01-01T00:00:00Z', 'yesterday'])(
  'of three sources one tells the time %s, while blocks are 45 minutes late: every call is answered',
  async (time) => {
    const { devnet, mux } = await startBadDay({
      prepare: (network) => {
        network.chain.setLagMs(45 * 60_000)
        network.node(1).fault(tellingTime(time))
        return { sourceUrls: network.nodes.slice(1, 4).map(({ url }) => url) }
      },
    })
    await askTimes(mux, 20)
    const statuses = devnet.nodes.flatMap(chatStatuses)
    expect(statuses.filter((status) => status !== 200)).toEqual([400])
    expect(statuses).toHaveLength(21)
  },
)

test('a source that lies about the time is not believed, nor even asked, while signatures are accepted', async () => {
  const { devnet, mux } = await startBadDay()
  const source = devnet.node(0)
  source.fault(tellingTime('2033-01-01T00:00:00Z'))
  await askTimes(mux, 20)
  expect(devnet.nodes.flatMap(chatStatuses)).toEqual(Array<number>(20).fill(200))
  expect(source.requests.filter(({ path }) => path.startsWith('/chain-rpc/'))).toEqual([])
})
