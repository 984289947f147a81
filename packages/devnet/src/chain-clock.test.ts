import { type Clock, createChainClock, createSigner, createSigningFetch, createSystemClock } from '@gonka/signer'
import { expect, test } from 'vitest'
import { HELLO, startTestDevnet } from './fixtures/signed-request.ts'
import type { Devnet } from './index.ts'

const MINUTES_45_MS = 45 * 60_000
const HOUR_MS = 3_600_000

test.each([
  ['behind', MINUTES_45_MS],
  ['ahead of', -MINUTES_45_MS],
])('a node 45 minutes %s the wall clock accepts after one re-sign, and the next call at once', async (_, lagMs) => {
  const devnet = await startTestDevnet()
  devnet.chain.setLagMs(lagMs)
  const call = createCall(devnet, createChainClock({ nodeUrl: devnet.url }))
  expect(await call()).toEqual({ status: 200, attempts: 2 })
  expect(await call()).toEqual({ status: 200, attempts: 1 })
})

test('a clock that was set up front needs no re-sign at all', async () => {
  const devnet = await startTestDevnet()
  devnet.chain.setLagMs(MINUTES_45_MS)
  const clock = createChainClock({ nodeUrls: devnet.urls })
  await clock.resync()
  expect(Math.abs(Number(clock.offsetNs / 1_000_000n) + MINUTES_45_MS)).toBeLessThan(30_000)
  expect(await createCall(devnet, clock)()).toEqual({ status: 200, attempts: 1 })
})

test('the system clock does not get through: the lag is real', async () => {
  const devnet = await startTestDevnet()
  devnet.chain.setLagMs(MINUTES_45_MS)
  expect(await createCall(devnet, createSystemClock())()).toEqual({ status: 400, attempts: 2 })
})

test('block time that swings by 45 minutes again and again is followed with one re-sign a swing', async () => {
  const time = { ms: Date.now() }
  const now = () => time.ms
  const devnet = await startTestDevnet({ now })
  const call = createCall(devnet, createChainClock({ nodeUrl: devnet.url, now }))
  for (const lagMs of [MINUTES_45_MS, -MINUTES_45_MS, 0, MINUTES_45_MS, 0]) {
    devnet.chain.setLagMs(lagMs)
    time.ms += 2_000
    expect(await call()).toEqual({ status: 200, attempts: 2 })
    expect(await call()).toEqual({ status: 200, attempts: 1 })
  }
})

test.each([
  { name: 'a laptop that was suspended', passedMs: 2 * HOUR_MS, stepMs: 0, attempts: 1 },
  { name: 'a machine that was paused, clock and all', passedMs: 2 * HOUR_MS, stepMs: 2_000 - 2 * HOUR_MS, attempts: 2 },
  { name: 'a step forward by NTP', passedMs: 2_000, stepMs: HOUR_MS, attempts: 2 },
  { name: 'a step back by NTP', passedMs: 2_000, stepMs: -HOUR_MS, attempts: 1 },
])('$name costs at most one re-sign', async ({ passedMs, stepMs, attempts }) => {
  const time = { ms: Date.now(), wrongMs: 0 }
  const devnet = await startTestDevnet({ now: () => time.ms })
  devnet.chain.setLagMs(MINUTES_45_MS)
  const call = createCall(devnet, createChainClock({ nodeUrl: devnet.url, now: () => time.ms + time.wrongMs }))
  expect(await call()).toEqual({ status: 200, attempts: 2 })
  time.ms += passedMs
  time.wrongMs += stepMs
  expect(await call()).toEqual({ status: 200, attempts })
  expect(await call()).toEqual({ status: 200, attempts: 1 })
})

test('a crowd that is refused together measures once and gets through', async () => {
  const time = Date.now()
  const devnet = await startTestDevnet({ now: () => time })
  devnet.chain.setLagMs(MINUTES_45_MS)
  const call = createSigned(devnet, createChainClock({ nodeUrl: devnet.url, now: () => time }))
  const answers = await Promise.all(Array.from({ length: 30 }, call))
  expect(answers.map(({ status }) => status)).toEqual(Array(30).fill(200))
  const paths = devnet.node(0).requests.map(({ path }) => path)
  expect(paths.filter((path) => path === '/chain-rpc/status')).toHaveLength(1)
  expect(paths.length).toBeLessThanOrEqual(1 + 2 * 30)
})

test('a node that cannot tell the time still gets the re-signed request, and the caller its answer', async () => {
  const devnet = await startTestDevnet()
  devnet.chain.setLagMs(MINUTES_45_MS)
  const call = createCall(devnet, createChainClock({ nodeUrl: `${devnet.url}/nowhere` }))
  expect(await call()).toEqual({ status: 400, attempts: 2 })
})

/** One signed call to the first node. */
function createSigned(devnet: Devnet, clock: Clock): () => Promise<Response> {
  const node = devnet.node(0)
  const signer = createSigner(devnet.account.privateKey)
  const signedFetch = createSigningFetch({ signer, transferAddress: node.address, origin: node.url, clock })
  const init = { method: 'POST', body: JSON.stringify(HELLO), headers: { 'content-type': 'application/json' } }
  return async () => await signedFetch(`${node.url}/v1/chat/completions`, init)
}

/** One signed call, and how often the node saw it. */
function createCall(devnet: Devnet, clock: Clock): () => Promise<{ status: number; attempts: number }> {
  const call = createSigned(devnet, clock)
  const count = () => devnet.node(0).requests.filter(({ method }) => method === 'POST').length
  return async () => {
    const before = count()
    const response = await call()
    await response.arrayBuffer()
    return { status: response.status, attempts: count() - before }
  }
}
