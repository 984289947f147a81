import { decodeActiveParticipants } from '@gonka/protocol'
import { expect, test } from 'vitest'
import { send, sendSigned, startTestDevnet } from './fixtures/signed-request.ts'
import type { Devnet } from './index.ts'

interface ListedEntry {
  readonly index: string
  readonly inference_url: string
  readonly weight: number
}

/** The set as a node tells it, and as the proven bytes hold it. */
async function listedBy(devnet: Devnet): Promise<unknown[][]> {
  const { text } = await send(`${devnet.node(0).url}/v1/epochs/current/participants`)
  const answer = JSON.parse(text)
  const listed: readonly ListedEntry[] = answer.active_participants.participants
  const told = listed.map(({ index, inference_url, weight }) => [index, inference_url, weight])
  const { participants } = decodeActiveParticipants(Buffer.from(answer.active_participants_bytes, 'hex'))
  expect(participants.map((each) => [each.address, each.inferenceUrl, Number(each.weight)])).toEqual(told)
  return told
}

test('a set can hold an address twice and any URL, for one epoch', async () => {
  const devnet = await startTestDevnet({
    participants: [{ weight: 10 }, { weight: 20 }, { weight: 30, listed: false }],
  })
  const [first, second, third] = devnet.nodes.map(({ address, url }) => ({ address, url }))
  await devnet.nextEpoch({
    list: [
      { index: 1, weight: 10 ** 15 },
      { index: 2, inferenceUrl: 'http://169.254.169.254/latest' },
    ],
  })
  expect(await listedBy(devnet)).toEqual([
    [first?.address, first?.url, 10],
    [second?.address, second?.url, 20],
    [second?.address, second?.url, 10 ** 15],
    [third?.address, 'http://169.254.169.254/latest', 30],
  ])
  const { text } = await send(`${devnet.url}/chain-rpc/validators?height=${devnet.chain.height}`)
  const powers = JSON.parse(text).result.validators.map(({ voting_power }: { voting_power: string }) => voting_power)
  expect(powers).toEqual(['30', '20', '10'])
  await devnet.nextEpoch()
  expect((await listedBy(devnet)).map(([, url]) => url)).toEqual([first?.url, second?.url, third?.url])
})

test.each([
  ['list must name a node of the devnet; got index 9.', { index: 9 }],
  ['weight must be a whole number', { index: 0, weight: -1 }],
])('refuses what is no entry, and changes nothing: %s', async (message, listing) => {
  const devnet = await startTestDevnet()
  await expect(devnet.nextEpoch({ list: [listing] })).rejects.toThrow(message)
  expect(devnet.epochId).toBe(7)
})

test('a node that moves answers at another port, which the set has from the next epoch on', async () => {
  const devnet = await startTestDevnet()
  const node = devnet.node(1)
  const before = node.url
  await node.move()
  expect(node.url).not.toBe(before)
  expect((await sendSigned(devnet, node)).status).toBe(200)
  await expect(send(`${before}/v1/status`)).rejects.toThrow()
  expect(devnet.urls).toContain(before)
  await devnet.nextEpoch()
  expect(devnet.urls).toContain(node.url)
  await node.kill()
  await node.move()
  expect((await send(`${node.url}/v1/status`)).status).toBe(200)
})

test("a fault can hit the chain's RPC alone", async () => {
  const devnet = await startTestDevnet()
  devnet.node(0).fault({ status: 502, path: 'rpc' })
  expect((await send(`${devnet.url}/chain-rpc/status`)).status).toBe(502)
  expect((await send(`${devnet.url}/v1/epochs/current/participants`)).status).toBe(200)
  expect((await sendSigned(devnet, devnet.node(0))).status).toBe(200)
})
