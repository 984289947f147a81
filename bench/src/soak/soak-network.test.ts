import { expect, it, onTestFinished } from 'vitest'
import { NODE_FAULTS } from './node-faults.ts'
import type { Step } from './plan.ts'
import { SoakNetwork } from './soak-network.ts'

async function startNetwork() {
  const network = await SoakNetwork.start({ seed: 1, participants: 4 })
  onTestFinished(() => network.stop())
  const list = async () => {
    const response = await fetch(`${network.sourceUrls[0]}/v1/epochs/current/participants`)
    const { active_participants: set, excluded_participants: excluded } = (await response.json()) as {
      active_participants: { participants: { index: string; inference_url: string }[] }
      excluded_participants: { address: string }[]
    }
    return {
      urls: set.participants.map((each) => each.inference_url),
      excluded: excluded.map(({ address }) => address),
    }
  }
  const take = (step: Step) => network.apply({ steps: [step], healthy: [0, 1] })
  return { network, list, take }
}

const BODY = JSON.stringify({ messages: [{ role: 'user', content: 'Hello' }] })
const post = (url: string) => fetch(`${url}/v1/chat/completions`, { method: 'POST', body: BODY })
const positionOf = (name: string) => NODE_FAULTS.findIndex((fault) => fault.name === name)

it('lets participants fail and heal, notes when answers broke off, and counts what it does', async () => {
  const { network, take } = await startNetwork()
  const { url, address } = network.participant(2)
  await take({ kind: 'fault', node: 2, fault: positionOf('500') })
  expect((await post(url)).status).toBe(500)
  await take({ kind: 'fault', node: 2, fault: positionOf('killed') })
  await expect(post(url)).rejects.toThrow()
  expect(network.breaks).toMatchObject([{ address, toMs: Number.POSITIVE_INFINITY }])
  await take({ kind: 'heal', node: 2 })
  expect((await post(url)).status).toBe(401)
  expect(network.breaks[0]?.toMs).toBeLessThanOrEqual(Date.now())
  expect(network.status).toMatchObject({ faults: { 500: 1, killed: 1 }, requests: 2, leastHealthy: 2 })
})

it('turns epochs in which participants join, leave and move', async () => {
  const { network, list, take } = await startNetwork()
  const [left, moved] = [network.participant(1).url, network.participant(2).url]
  await take({ kind: 'epoch', join: 1, leave: [1], rejoin: [], reweight: { 3: 0 }, move: [2] })
  expect(network.participant(2).url).not.toBe(moved)
  expect(network.participant(3).weight).toBe(0)
  const { urls } = await list()
  expect(urls).toEqual([0, 2, 3, 4].map((number) => network.participant(number).url))
  await expect(post(moved)).rejects.toThrow()
  await post(left)
  expect(network.status.late.count).toBe(1)
})

it('excludes, allows, and lets sources fail', async () => {
  const { network, list, take } = await startNetwork()
  await take({ kind: 'exclude', node: 3 })
  expect((await list()).excluded).toEqual([network.participant(3).address])
  await take({ kind: 'allow', nodes: [0] })
  expect((await post(network.participant(1).url)).status).toBe(403)
  await take({ kind: 'source', source: 0, fault: 2 })
  expect((await fetch(`${network.sourceUrls[0]}/v1/status`)).status).toBe(503)
  await take({ kind: 'source', source: 0, fault: undefined })
  await network.healAll()
  expect((await post(network.participant(1).url)).status).toBe(401)
  expect((await fetch(`${network.sourceUrls[0]}/v1/status`)).status).toBe(200)
})
