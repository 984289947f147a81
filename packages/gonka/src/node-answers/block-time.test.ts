import { type Devnet, startDevnet } from '@gonka/devnet'
import { createChainClock } from '@gonka/signer'
import { Multiplexer } from '@multiplexer/core'
import { expect, onTestFinished, test } from 'vitest'
import { registerGonkaModels } from '../register-gonka-models.ts'
import { MODEL } from './fixtures/ask-members.ts'

const NOW_MS = 1_767_225_600_000
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** A network and a client, each with a wall clock of its own. */
interface TwoClocks {
  readonly devnet: Devnet
  /** Lets time go by: for the chain, and by the client's wall clock. */
  pass(chainMs: number, localMs: number): void
  /** Sends five calls and counts the signatures that were refused meanwhile. */
  callFiveTimes(): Promise<number>
}

async function startTwoClocks(): Promise<TwoClocks> {
  const time = { chainMs: NOW_MS, localMs: NOW_MS }
  const devnet = await startDevnet({ participants: 3, seed: 'two clocks', blockTimeMs: 0, now: () => time.chainMs })
  onTestFinished(() => devnet.stop())
  const mux = new Multiplexer()
  await registerGonkaModels(mux, {
    sourceUrl: devnet.url,
    privateKey: devnet.account.privateKey,
    clock: createChainClock({ nodeUrl: devnet.url, now: () => time.localMs }),
    allowPrivateHosts: true,
    refreshEnabled: false,
    env: {},
  })
  const refused = (): number =>
    devnet.nodes.flatMap(({ requests }) => requests).filter(({ status }) => status === 400).length
  return {
    devnet,
    pass: (chainMs, localMs) => {
      time.chainMs += chainMs
      time.localMs += localMs
      devnet.chain.advance()
    },
    callFiveTimes: async () => {
      const before = refused()
      for (let index = 0; index < 5; index++) {
        await mux.chat.completions.create({ model: MODEL, messages: [{ role: 'user', content: `Question ${index}` }] })
      }
      expect(mux.getStats().failovers).toBe(0)
      return refused() - before
    },
  }
}

const STEPS: readonly (readonly [string, number, number, number])[] = [
  ['a laptop that slept for 8 hours, and knows it, signs on', 8 * HOUR_MS, 8 * HOUR_MS, 0],
  ['a machine that was paused for 8 hours, and does not know it, re-signs once', 8 * HOUR_MS, 2_000, 1],
  ['a wall clock that NTP sets forward by an hour re-signs once', 2_000, HOUR_MS, 1],
  ['a wall clock that NTP sets back by an hour signs on from the last timestamp', 2_000, -HOUR_MS, 0],
  ['a wall clock that NTP set back by an hour re-signs once the chain has moved on', 5 * MINUTE_MS, -HOUR_MS, 1],
  ['a wall clock that NTP sets back by a second signs on', 2_000, 1_000, 0],
  ['a chain that stands still for 10 minutes re-signs once', 0, 10 * MINUTE_MS, 1],
  ['a chain that is 45 minutes ahead re-signs once', 45 * MINUTE_MS, 2_000, 1],
]

test.each(STEPS)(
  '%s',
  async (...step) => {
    const [, chainMs, localMs, resigned] = step
    const { pass, callFiveTimes } = await startTwoClocks()
    expect(await callFiveTimes()).toBe(0)
    pass(chainMs, localMs)
    expect(await callFiveTimes()).toBe(resigned)
  },
  30_000,
)

test('all of that one after the other, with no timestamp twice', async () => {
  const { devnet, pass, callFiveTimes } = await startTwoClocks()
  for (const [, chainMs, localMs] of [...STEPS, ...STEPS]) {
    pass(chainMs, localMs)
    expect(await callFiveTimes()).toBeLessThanOrEqual(1)
  }
  const signed = devnet.nodes.flatMap(({ requests }) => requests.filter(({ method }) => method === 'POST'))
  expect(signed.filter(({ status }) => status === 200)).toHaveLength(10 * STEPS.length)
  expect(new Set(signed.map(({ headers }) => headers['x-timestamp'])).size).toBe(signed.length)
}, 30_000)
