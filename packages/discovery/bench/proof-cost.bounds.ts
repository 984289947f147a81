import { startDevnet } from '@gonka/devnet'
import { createRpcSource, verifyCommit } from '@gonka/light-client'
import { expect, onTestFinished, test } from 'vitest'
import { EndpointDiscovery, type EndpointDiscoveryOptions } from '../src/index.ts'

const PARTICIPANTS = 500
const ROUNDS = 15

async function medianMs(run: () => Promise<unknown>): Promise<number> {
  await run()
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now()
    await run()
    times.push(performance.now() - start)
  }
  return times.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] as number
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

  const unverified = await medianMs(() => discover(options))
  const commit = await medianMs(checkCommit)
  const verified = await medianMs(() => discover(proof))
  const refreshed = await medianMs(() => known.discover())
  const ms = (value: number): string => `${value.toFixed(1)} ms`
  process.stdout.write(
    `unverified ${ms(unverified)}, commit check ${ms(commit)}, verified ${ms(verified)}, verified with the header known ${ms(refreshed)}; ratio ${((verified - commit) / unverified).toFixed(2)}\n`,
  )
  expect(verified).toBeLessThan(1.5 * unverified + commit)
  expect(refreshed).toBeLessThan(1.5 * unverified)
})
