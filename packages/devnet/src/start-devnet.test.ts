import { inspect } from 'node:util'
import { decodeActiveParticipants } from '@gonka/protocol'
import { hexToBytes } from '@noble/hashes/utils.js'
import { expect, test } from 'vitest'
import { HELLO, send, sendSigned, startTestDevnet } from './fixtures/signed-request.ts'
import { startDevnet } from './index.ts'

test('serves the participants of the current epoch and answers a signed request', async () => {
  const devnet = await startTestDevnet()
  const { text } = await send(`${devnet.url}/v1/epochs/current/participants`)
  const { active_participants } = JSON.parse(text)
  expect(active_participants.epoch_id).toBe(7)
  expect(active_participants.participants.map((p: { index: string }) => p.index)).toEqual(
    devnet.nodes.map((node) => node.address),
  )
  const answer = await sendSigned(devnet, devnet.node(1))
  expect(answer.status).toBe(200)
  expect(JSON.parse(answer.text).choices[0].message.content).toMatch(/\w+ \w+/)
  expect(devnet.node(1).served).toBe(1)
})

test('the proven bytes decode to the same set as the JSON', async () => {
  const devnet = await startTestDevnet({
    participants: [{ weight: 3 }, { weight: 0, models: ['a', 'ü'] }, { weight: 2 ** 53 - 1, models: [] }],
  })
  const answer = JSON.parse((await send(`${devnet.url}/v1/epochs/7/participants`)).text)
  const decoded = decodeActiveParticipants(hexToBytes(answer.active_participants_bytes))
  expect(decoded.participants).toEqual(
    devnet.nodes.map(({ address, url, weight, models }, index) => ({
      address,
      weight: BigInt(weight),
      models,
      inferenceUrl: url,
      validatorKey: answer.active_participants.participants[index].validator_key,
    })),
  )
  expect(decoded.epochId).toBe(7n)
  expect(decoded.createdAtBlockHeight).toBe(BigInt(answer.active_participants.created_at_block_height))
  expect(decoded.effectiveBlockHeight).toBe(decoded.createdAtBlockHeight + 2n)
  expect(decoded.pocStartBlockHeight).toBe(BigInt(answer.active_participants.poc_start_block_height))
})

test('turns the epoch: joins, leaves and new weights show, those who stay keep serving', async () => {
  const devnet = await startTestDevnet({ participants: 3 })
  const turn = await devnet.nextEpoch({ join: 1, leave: [0], reweight: { 1: 5 } })
  expect(turn.epochId).toBe(8)
  expect(turn.joined).toHaveLength(1)
  expect(turn.joined[0]).toBe(devnet.node(3))
  expect(turn.left.map(({ index }) => index)).toEqual([0])
  expect(devnet.urls).toEqual([1, 2, 3].map((index) => devnet.node(index).url))
  expect(devnet.node(1).weight).toBe(5)
  expect(devnet.node(0).inEpoch).toBe(false)
  const current = JSON.parse((await send(`${devnet.url}/v1/epochs/current/participants`)).text)
  expect(current.active_participants.participants[0].weight).toBe(5)
  const past = JSON.parse((await send(`${devnet.node(0).url}/v1/epochs/7/participants`)).text)
  expect(past.active_participants.participants).toHaveLength(3)
  expect((await sendSigned(devnet, devnet.node(1))).status).toBe(200)
  expect((await sendSigned(devnet, devnet.node(3))).status).toBe(200)
})

test('a participant that left refuses chat, serves queries, and can come back', async () => {
  const devnet = await startTestDevnet()
  await devnet.nextEpoch({ leave: [0] })
  const refusal = await sendSigned(devnet, devnet.node(0))
  expect(refusal).toMatchObject({ status: 503, text: '{"error":"no executors available for model"}' })
  expect((await send(`${devnet.node(0).url}/v1/status`)).status).toBe(200)
  await devnet.nextEpoch({ rejoin: [0] })
  expect((await sendSigned(devnet, devnet.node(0))).status).toBe(200)
})

test('an unlisted participant runs outside the set until it is taken in', async () => {
  const devnet = await startTestDevnet({ participants: [{}, { listed: false }] })
  expect(devnet.urls).toEqual([devnet.node(0).url])
  expect((await sendSigned(devnet, devnet.node(1))).status).toBe(503)
  expect((await devnet.nextEpoch({ rejoin: [1] })).joined.map(({ index }) => index)).toEqual([1])
  expect((await sendSigned(devnet, devnet.node(1))).status).toBe(200)
})

test('a refused change of epoch changes nothing', async () => {
  const devnet = await startTestDevnet()
  const changes = [
    { leave: [5] },
    { rejoin: [0] },
    { reweight: { 9: 1 } },
    { reweight: { 0: -1 } },
    { leave: [0], reweight: { 0: 1 } },
    { join: -1 },
    { join: [{ weight: 1.5 }] },
  ]
  for (const change of changes) await expect(devnet.nextEpoch(change)).rejects.toThrow(RangeError)
  expect(devnet.epochId).toBe(7)
  expect(devnet.nodes).toHaveLength(2)
})

test('epoch changes asked for at once happen one after the other', async () => {
  const devnet = await startTestDevnet()
  const turns = await Promise.all([1, 1, 1].map((join) => devnet.nextEpoch({ join })))
  expect(turns.map(({ epochId }) => epochId)).toEqual([8, 9, 10])
  expect(devnet.urls).toHaveLength(5)
})

test('the set may become empty; the validators of the epoch before go on', async () => {
  const devnet = await startTestDevnet()
  await devnet.nextEpoch({ leave: [0, 1] })
  const { text } = await send(`${devnet.url}/v1/epochs/current/participants`)
  expect(JSON.parse(text).active_participants).not.toHaveProperty('participants')
  const { result } = JSON.parse((await send(`${devnet.url}/chain-rpc/validators`)).text)
  expect([result.total, result.validators[0].voting_power]).toEqual(['2', String(devnet.node(1).weight)])
})

test('a node shows who it is when it is printed', async () => {
  const devnet = await startTestDevnet()
  const printed = inspect(devnet.node(1))
  expect(printed).toContain(devnet.node(1).address)
  expect(printed).toContain('inEpoch: true')
})

test('one seed gives one network: keys, weights, answers', async () => {
  const [first, second, other] = await Promise.all([
    startTestDevnet({ seed: 'x' }),
    startTestDevnet({ seed: 'x' }),
    startTestDevnet({ seed: 'y' }),
  ])
  const picture = (devnet: typeof first) => [
    devnet.account,
    devnet.apiKey,
    devnet.createAccount(),
    devnet.nodes.map(({ address, weight }) => [address, weight]),
  ]
  expect(picture(first)).toEqual(picture(second))
  expect(picture(first)).not.toEqual(picture(other))
  const texts = await Promise.all([first, second, other].map((devnet) => answerText(devnet)))
  expect(texts[0]).toBe(texts[1])
  expect(texts[0]).not.toBe(texts[2])
})

async function answerText(devnet: Awaited<ReturnType<typeof startTestDevnet>>): Promise<string> {
  const answer = await sendSigned(devnet, devnet.node(0), { body: HELLO })
  return JSON.parse(answer.text).choices[0].message.content
}

test('stop is idempotent, closes every port and may come while requests hang', async () => {
  const devnet = await startDevnet({ participants: 2, seed: 'test' })
  devnet.node(0).fault({ hang: true, path: 'all' })
  const hanging = expect(send(`${devnet.node(0).url}/v1/status`)).rejects.toThrow()
  await expect.poll(() => devnet.node(0).requests.length).toBe(1)
  await Promise.all([devnet.stop(), devnet.stop()])
  await hanging
  // A port that is free again may be anybody's: what counts is that no request comes to the nodes.
  await Promise.allSettled(devnet.nodes.map(({ url }) => send(`${url}/v1/status`)))
  expect(devnet.nodes.map(({ requests }) => requests.length)).toEqual([1, 0])
  await expect(devnet.nextEpoch()).rejects.toThrow(/stop/)
})

test('a node that is killed, brought back and moved all at once ends as the last call says, with one server', async () => {
  const devnet = await startTestDevnet()
  const node = devnet.node(0)
  const { url } = node
  await Promise.all([node.kill(), node.restart(), node.kill(), node.restart(), node.restart()])
  expect([node.url, (await send(`${url}/v1/status`)).status]).toEqual([url, 200])
  await Promise.all([node.restart(), node.move(), node.restart()])
  expect(node.url).not.toBe(url)
  expect((await send(`${node.url}/v1/status`)).status).toBe(200)
  await Promise.all([node.restart(), node.kill()])
  await expect(send(`${node.url}/v1/status`)).rejects.toThrow()
})

test('stop ends nodes that are just coming back, and none comes back after it', async () => {
  const devnet = await startTestDevnet()
  const node = devnet.node(0)
  await node.kill()
  const restart = node.restart()
  await Promise.all([restart, devnet.stop()])
  await expect(send(`${node.url}/v1/status`)).rejects.toThrow()
  await expect(node.restart()).rejects.toThrow(new RangeError('restart was called after stop().'))
  await expect(devnet.node(1).move()).rejects.toThrow(new RangeError('move was called after stop().'))
  await node.kill()
})

test.each([
  [{ participants: 0 }, /participants/],
  [{ participants: 1.5 }, /participants/],
  [{ participants: 100_000 }, /participants/],
  [{ participants: [{ listed: false }] }, /listed/],
  [{ participants: [{ weight: -1 }] }, /weight/],
  [{ participants: [{ capacity: Number.NaN }] }, /capacity/],
  [{ models: 'sim/model-a' as unknown as string[] }, /^models must be a list/],
  [{ participants: [{ models: ['a', 5 as unknown as string] }] }, /^models must be a list/],
  [{ participants: [{ models: [''] }] }, /^models must be a list/],
  [{ epoch: 0 }, /epoch/],
  [{ latencyMs: -1 }, /latencyMs/],
  [{ blockTimeMs: Number.NaN }, /blockTimeMs/],
  [{ mode: 'classic-v3' as 'retired' }, /mode/],
  [{ dialect: 'yaml' as 'mixed' }, /dialect/],
  [{ chainId: '' }, /chainId/],
  [{ chainId: 'x'.repeat(51) }, /chainId/],
  [{ chainId: 'two words' }, /chainId/],
])('refuses %j', async (options, message) => {
  await expect(startDevnet(options)).rejects.toThrow(message)
})
