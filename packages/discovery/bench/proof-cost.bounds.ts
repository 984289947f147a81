import { startDevnet } from '@gonka/devnet'
import { createRpcSource, verifyCommit } from '@gonka/light-client'
import { expect, onTestFinished, test } from 'vitest'
import { EndpointDiscovery, type EndpointDiscoveryOptions } from '../src/index.ts'

const PARTICIPANTS = 500
const WARM_UP = 5
const ROUNDS = 25

/** Runs the works in turn, round after round, so that a busy machine slows all of them alike; the shortest time is the one
 * with the least of other programs in it. */
async function shortestMs(...works: (() => Promise<unknown>)[]): Promise<number[]> {
  const times = works.map((): number[] => [])
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    for (const [index, work] of works.entries()) {
      const start = performance.now()
      await work()
      if (round >= 0) times[index]?.push(performance.now() - start)
    }
  }
  return times.map((each) => Math.min(...each))
}

test(`a list of ${PARTICIPANTS} is fetched, verified and parsed in 1.5x the time of the unverified one plus the commit check`, async () => {
  const devnet = await startDevnet({ participants: PARTICIPANTS, seed: 'bench', blockTimeMs: 0 })
  onTestFinished(() => devnet.stop())
  const { url: sourceUrl, chainId } = devnet
  const options = { sourceUrl, allowPrivateHosts: true, transferAgents: [], timeoutMs: 60_000 }
  const proof = { ...options, chainId, trust: 'first-use' } as const
  const discover = async (settings: EndpointDiscoveryOptions): Promise<void> => {
    const { participants } = await new EndpointDiscovery(settings).discover()
    expect(participants).toHaveLength(PARTICIPANTS)
  }
  const source = createRpcSource({ url: sourceUrl })
  const height = BigInt(devnet.trustAnchor().height)
  const checkCommit = async (): Promise<void> => {
    const signed = await source.signedHeader(height)
    verifyCommit({ ...signed, chainId, validators: await source.validators(height) })
  }
  const known = new EndpointDiscovery(proof)

  const [unverified = 0, commit = 0, verified = 0, refreshed = 0] = await shortestMs(
    () => discover(options),
    checkCommit,
    () => discover(proof),
    () => known.discover(),
  )
  const ms = (value: number): string => `${value.toFixed(1)} ms`
  process.stdout.write(
    `unverified ${ms(unverified)}, commit check ${ms(commit)}, verified ${ms(verified)}, verified with the header known ${ms(refreshed)}; ratio ${((verified - commit) / unverified).toFixed(2)}\n`,
  )
  expect(verified).toBeLessThan(1.5 * unverified + commit)
  expect(refreshed).toBeLessThan(1.5 * unverified)
})
