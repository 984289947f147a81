import type { Devnet } from '@gonka/devnet'
import { GonkaNoParticipantsError } from '@gonka/protocol'
import { expect, test } from 'vitest'
import { ask, askTimes, chatStatuses, nameOf, startBadDay } from '../fixtures/bad-day.ts'
import { answering, startServer } from '../fixtures/scripted-server.ts'
import type { RegisterGonkaModelsOptions } from '../index.ts'

/** Names that lead to this machine, one of which says so. */
const ADDRESSES: Readonly<Record<string, readonly string[]>> = {
  'good.example': ['93.184.216.34', '2606:2800:220:1::1'],
  'evil.example': ['93.184.216.34', '127.0.0.1'],
}

/** Ports that let requests to names through as DNS would, and remember where they went. */
function createPorts(): { ports: RegisterGonkaModelsOptions; hosts: Set<string> } {
  const hosts = new Set<string>()
  const resolveHost = async (host: string): Promise<readonly string[]> => {
    const addresses = ADDRESSES[host]
    if (addresses === undefined) throw new Error('ENOTFOUND')
    return addresses
  }
  return {
    hosts,
    ports: {
      allowPrivateHosts: false,
      discovery: { resolveHost },
      fetch: (input, init) => {
        const url = new URL(String(input))
        hosts.add(url.host)
        if (url.hostname in ADDRESSES) url.hostname = '127.0.0.1'
        return fetch(url, init)
      },
    },
  }
}

/** Turns the epoch to one in which node 1 is at a public name, and each other one where `urls` says. */
async function list(devnet: Devnet, urls: readonly string[]): Promise<void> {
  const good = { index: 1, inferenceUrl: devnet.node(1).url.replace('127.0.0.1', 'good.example') }
  const bad = urls.map((inferenceUrl, at) => ({ index: 2 + at, inferenceUrl, weight: 1_000_000 }))
  await devnet.nextEpoch({ leave: [0], list: [good, ...bad] })
}

test('URLs that point into our network are refused one by one, and nothing is ever sent there', async () => {
  const trap = await startServer(answering(200, {}))
  const port = new URL(trap.url).port
  const bad: readonly (readonly [string, object])[] = [
    [trap.url, { reason: 'host-refused', host: '127.0.0.1' }],
    ['http://169.254.169.254/latest', { reason: 'host-refused', host: '169.254.169.254' }],
    [`http://[::1]:${port}`, { reason: 'host-refused', host: '[::1]' }],
    [`http://[::ffff:127.0.0.1]:${port}`, { reason: 'host-refused', host: '[::ffff:7f00:1]' }],
    [`http://2130706433:${port}`, { reason: 'host-refused', host: '127.0.0.1' }],
    [`http://0x7f.1:${port}`, { reason: 'host-refused', host: '127.0.0.1' }],
    [`http://0177.0.0.1:${port}`, { reason: 'host-refused', host: '127.0.0.1' }],
    [`http://localhost.:${port}`, { reason: 'host-refused', host: 'localhost.' }],
    [`http://metadata.google.internal:${port}`, { reason: 'host-refused', host: 'metadata.google.internal' }],
    [`http://printer.local:${port}`, { reason: 'host-refused', host: 'printer.local' }],
    [`http://user:hunter2@good.example:${port}`, { reason: 'url-invalid' }],
    [`http://evil.example:${port}`, { reason: 'host-resolves-private', host: 'evil.example' }],
  ]
  const { ports, hosts } = createPorts()
  const { devnet, mux, rejected } = await startBadDay({
    devnet: { participants: [{}, ...Array.from({ length: 1 + bad.length }, () => ({ listed: false }))] },
    prepare: async (network) => {
      await list(
        network,
        bad.map(([url]) => url),
      )
      return ports
    },
  })
  const [source, good, ...others] = devnet.nodes
  expect(rejected).toEqual(bad.map(([, reason], at) => ({ address: others[at]?.address, ...reason })))
  expect(JSON.stringify(rejected)).not.toContain('hunter2')
  await askTimes(mux, 20)
  expect(good ? chatStatuses(good) : []).toEqual(Array<number>(20).fill(200))
  expect([trap.seen, others.flatMap(({ requests }) => requests)]).toEqual([[], []])
  expect([...hosts]).toEqual([new URL(source?.url ?? '').host, `good.example:${new URL(good?.url ?? '').port}`])
})

test('a name that comes to lead into our network takes its participant out with the next refresh', async () => {
  const { ports } = createPorts()
  const addresses: Record<string, readonly string[]> = { 'good.example': ['93.184.216.34'] }
  const discovery = { resolveHost: async (host: string) => addresses[host] ?? [] }
  const { devnet, mux, refresh } = await startBadDay({
    devnet: { participants: [{}, { listed: false }, { listed: false }] },
    prepare: async (network) => {
      await list(network, [network.node(2).url.replace('127.0.0.1', 'evil.example')])
      return { ...ports, discovery }
    },
  })
  expect(Object.keys(mux.getStats().members)).toHaveLength(2)
  addresses['evil.example'] = ['10.0.0.1']
  expect(await refresh()).toMatchObject({ success: true, epochChanged: false, participantsRemoved: 1 })
  expect(mux.hasModel(nameOf(devnet.node(2)))).toBe(false)

  addresses['good.example'] = ['10.0.0.1']
  const { success, error } = await refresh()
  expect([success, error?.cause]).toEqual([false, expect.any(GonkaNoParticipantsError)])
  expect(error?.message).toContain('2 refused: host name that leads to a private address')
  await ask(mux)
})

test("hosts that the user names are the user's to trust: source and endpoint on this machine, without permission", async () => {
  const { devnet, mux, participants } = await startBadDay({
    prepare: (network) => ({
      allowPrivateHosts: false,
      sourceUrl: undefined,
      endpoints: [`${network.node(1).url};${network.node(1).address}`],
    }),
  })
  expect(participants).toHaveLength(1)
  await ask(mux)
  expect(chatStatuses(devnet.node(1))).toEqual([200])
})
