import { getEventListeners } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { findHostResolver } from './find-host-resolver.ts'
import { address, type FixtureParticipant, participant, toShapeA } from './fixtures/bundles.ts'
import { createDiscoveryOf, rejectionOf } from './fixtures/discover.ts'
import type { EndpointDiscoveryOptions, ResolveHost } from './types.ts'

const PUBLIC = ['93.184.216.34', '2606:2800:220:1:248:1893:25c8:1946']

/** Participants at these hosts, in the order given, are looked up by this resolver. */
function discoverHosts(hosts: readonly string[], resolveHost: ResolveHost, options: EndpointDiscoveryOptions = {}) {
  const participants = hosts.map((host, index) => participant(index + 1, { inferenceUrl: `http://${host}:8000` }))
  return createDiscoveryOf(toShapeA({ epochId: 7, participants }), { resolveHost, ...options }).discovery
}

/** What became of a participant whose name has these addresses, beside one that is at a public address. */
async function judge(addresses: unknown): Promise<unknown> {
  const resolveHost = (async () => addresses) as ResolveHost
  const { participants, rejected } = await discoverHosts(['evil.example', '8.8.8.8'], resolveHost).discover()
  expect(participants.map((each) => each.address)).toContain(address(2))
  return rejected[0] ?? participants[0]?.address
}

describe('a name that leads to a private address', () => {
  test.each([
    ['127.0.0.1'],
    ['0.0.0.0'],
    ['10.1.2.3'],
    ['172.31.0.1'],
    ['192.168.0.10'],
    ['100.64.0.1'],
    ['169.254.169.254'],
    ['224.0.0.251'],
    ['255.255.255.255'],
    ['::1'],
    ['::'],
    ['fe80::1'],
    ['fe80::1%eth0'],
    ['fd00::1'],
    ['ff02::fb'],
    ['::ffff:127.0.0.1'],
    ['::FFFF:7F00:1'],
    ['0:0:0:0:0:ffff:10.0.0.1'],
    ['64:ff9b::10.0.0.1'],
    ['64:ff9b:1::1'],
    ['2002:7f00:1::'],
    ['2001::1'],
  ])('is refused by name: %s', async (found) => {
    const refused = { address: address(1), reason: 'host-resolves-private', host: 'evil.example' }
    expect(await judge([found])).toEqual(refused)
    expect(await judge([...PUBLIC, found])).toEqual(refused)
    expect(await judge([found, ...PUBLIC])).toEqual(refused)
  })

  test('is refused by one call while another asks for the list of another epoch', async () => {
    const [evil, slow, other] = ['evil.example', 'slow.example', 'other.example'].map((host, index) =>
      participant(index + 1, { inferenceUrl: `http://${host}` }),
    ) as [FixtureParticipant, FixtureParticipant, FixtureParticipant]
    const current = toShapeA({ epochId: 7, participants: [evil, slow] })
    const earlier = toShapeA({ epochId: 6, participants: [other] })
    let isAsked = false
    let finish = (): void => {}
    const reached = new Promise<void>((resolve) => {
      finish = resolve
    })
    const resolveHost: ResolveHost = async (host) => {
      isAsked ||= host === 'slow.example'
      if (host === 'slow.example') await reached
      return host === 'evil.example' ? ['10.0.0.1'] : PUBLIC
    }
    const fetch = async (url: string): Promise<Response> => Response.json(url.includes('/current/') ? current : earlier)
    const { discovery } = createDiscoveryOf(undefined, { fetch, resolveHost })
    const running = discovery.discover()
    await vi.waitUntil(() => isAsked)
    await setImmediate()
    await discovery.discoverForEpoch(6)
    finish()
    const { rejected } = await running
    expect(rejected).toEqual([{ address: address(1), reason: 'host-resolves-private', host: 'evil.example' }])
  })

  test('is accepted when all its addresses are public', async () => {
    expect(await judge(PUBLIC)).toBe(address(1))
  })

  test('takes no other participant with it, and what is left says why', async () => {
    const lookups: string[] = []
    const resolveHost: ResolveHost = async (host) => {
      lookups.push(host)
      return host.startsWith('evil') ? ['10.0.0.1'] : PUBLIC
    }
    const hosts = [
      'evil.example',
      'good.example',
      'evil.example',
      '8.8.8.8',
      '[2606:4700::1111]',
      'xn--bcher-kva.example',
    ]
    const { participants, rejected } = await discoverHosts(hosts, resolveHost).discover()
    expect(participants.map((each) => each.address)).toEqual([2, 4, 5, 6].map(address))
    expect(rejected.map(({ host }) => host)).toEqual(['evil.example', 'evil.example'])
    expect(lookups).toEqual(['evil.example', 'good.example', 'xn--bcher-kva.example'])

    const error = await rejectionOf(discoverHosts(['evil.example'], resolveHost).discover())
    expect(error).toMatchObject({ name: 'GonkaNoParticipantsError' })
    expect(error.message).toContain('1 refused: host name that leads to a private address; set allowPrivateHosts')
  })

  test('leaves a second entry of its address in use', async () => {
    const first = participant(1, { inferenceUrl: 'http://evil.example' })
    const second = participant(1, { inferenceUrl: 'http://good.example' })
    const bundle = toShapeA({ epochId: 7, participants: [first, second] })
    const resolveHost: ResolveHost = async (host) => (host === 'evil.example' ? ['::1'] : PUBLIC)
    const { participants, rejected } = await createDiscoveryOf(bundle, { resolveHost }).discovery.discover()
    expect(participants.map(({ inferenceUrl }) => inferenceUrl)).toEqual(['http://good.example'])
    expect(rejected).toEqual([{ address: address(1), reason: 'host-resolves-private', host: 'evil.example' }])
  })

  test('is not looked up when private hosts are allowed, or when the entry is out for another reason', async () => {
    const resolveHost = vi.fn<ResolveHost>(async () => ['127.0.0.1'])
    const allowed = await discoverHosts(['evil.example'], resolveHost, { allowPrivateHosts: true }).discover()
    expect(allowed.participants).toHaveLength(1)
    const options = { transferAgents: [address(2)] }
    const { rejected } = await discoverHosts(['evil.example', '8.8.8.8'], resolveHost, options).discover()
    expect(rejected).toEqual([{ address: address(1), reason: 'transfer-agent-not-allowed' }])
    expect(resolveHost).not.toHaveBeenCalled()
  })

  test('is found among any answers', async () => {
    const anyAddress = fc.oneof(fc.ipV4(), fc.ipV6())
    await fc.assert(
      fc.asyncProperty(fc.array(anyAddress, { minLength: 1, maxLength: 4 }), async (addresses) => {
        const alone = await Promise.all(addresses.map((each) => judge([each])))
        const refused = alone.some((outcome) => outcome !== address(1))
        expect(await judge(addresses)).toEqual(
          refused ? { address: address(1), reason: 'host-resolves-private', host: 'evil.example' } : address(1),
        )
      }),
    )
  })
})

describe('a name without an answer', () => {
  test('is what its last answer said, until there is another one', async () => {
    const answers: Record<string, readonly string[] | undefined> = { 'evil.example': ['10.0.0.1'] }
    const resolveHost: ResolveHost = async (host) => answers[host] ?? Promise.reject(new Error('ENOTFOUND'))
    const discovery = discoverHosts(['evil.example', '8.8.8.8'], resolveHost)
    const count = async (): Promise<number> => (await discovery.discover()).participants.length
    expect(await count()).toBe(1)
    answers['evil.example'] = undefined
    expect(await count()).toBe(1)
    answers['evil.example'] = PUBLIC
    expect(await count()).toBe(2)
    answers['evil.example'] = undefined
    expect(await count()).toBe(2)
  })

  test('that was not looked up in time comes first in the next call', async () => {
    const asked: string[] = []
    let isSlow = true
    const resolveHost: ResolveHost = async (host) => {
      asked.push(host)
      if (isSlow && host !== 'node0.example') return new Promise(() => {})
      return PUBLIC
    }
    const hosts = Array.from({ length: 12 }, (_, index) => `node${index}.example`)
    const discovery = discoverHosts(hosts, resolveHost, { timeoutMs: 50 })
    await discovery.discover()
    expect(asked).toEqual(hosts.slice(0, 9))
    isSlow = false
    asked.length = 0
    await discovery.discover()
    expect(asked).toEqual([...hosts.slice(1), 'node0.example'])
  })

  const failures: readonly [string, ResolveHost][] = [
    ['does not exist', () => Promise.reject(Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' }))],
    [
      'makes the resolver throw',
      () => {
        throw new TypeError('no DNS today')
      },
    ],
  ]

  test.each(failures)('keeps its participant, with a warning: %s', async (_, resolveHost) => {
    const warn = vi.fn()
    const discovery = discoverHosts(['gone.example', '8.8.8.8'], resolveHost, { logger: { warn } })
    const { participants, rejected } = await discovery.discover()
    expect([participants.length, rejected]).toEqual([2, []])
    expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('did not resolve'), {
      count: 1,
      hosts: ['gone.example'],
    })
  })

  test('holds the list up no longer than one request may take, and loses no answer that came', async () => {
    const names = Array.from({ length: 500 }, (_, index) => `node${index}.example`)
    const resolveHost: ResolveHost = async (host) => {
      if (host === 'node7.example') return new Promise(() => {})
      return host === 'node499.example' ? ['10.0.0.1'] : PUBLIC
    }
    const participants = names.map(
      (name): FixtureParticipant => ({
        ...participant(1, { inferenceUrl: `http://${name}` }),
      }),
    )
    const warn = vi.fn()
    const bundle = toShapeA({ epochId: 7, participants })
    const { discovery } = createDiscoveryOf(bundle, { resolveHost, timeoutMs: 100, logger: { warn } })
    const { rejected } = await discovery.discover()
    expect(rejected.filter(({ reason }) => reason !== 'duplicate')).toEqual([
      { address: address(1), reason: 'host-resolves-private', host: 'node499.example' },
    ])
    expect(warn).toHaveBeenCalledExactlyOnceWith(expect.anything(), { count: 1, hosts: ['node7.example'] })
  })

  test('never has more than 8 lookups under way, and no more begin once time is up', async () => {
    let running = 0
    let most = 0
    const started: string[] = []
    const resolveHost: ResolveHost = (host, { signal }) => {
      started.push(host)
      most = Math.max(most, ++running)
      return new Promise((resolve) => signal.addEventListener('abort', () => resolve(PUBLIC)))
    }
    const hosts = Array.from({ length: 100 }, (_, index) => `node${index}.example`)
    const { participants } = await discoverHosts(hosts, resolveHost, { timeoutMs: 50 }).discover()
    await Promise.resolve()
    expect([participants.length, most, started.length]).toEqual([100, 8, 8])
  })

  test('ends with the caller, at once', async () => {
    const controller = new AbortController()
    const reason = new Error('enough')
    const resolveHost: ResolveHost = () => {
      controller.abort(reason)
      return new Promise(() => {})
    }
    const discovery = discoverHosts(['slow.example'], resolveHost)
    expect(await rejectionOf(discovery.discover({ signal: controller.signal }))).toBe(reason)
    expect(getEventListeners(controller.signal, 'abort')).toEqual([])
  })
})

test.each([
  [undefined],
  ['127.0.0.1'],
  [[{ address: '127.0.0.1', family: 4 }]],
  [['evil.example']],
  [['']],
  [['999.1.1.1']],
  [['1::2::3']],
  [[null]],
])('an answer that is no list of IP addresses is an error, not a pass: %j', async (answer) => {
  const error = await rejectionOf(judge(answer))
  expect(error).toMatchObject({ name: 'GonkaConfigError', code: 'config-invalid', field: 'resolveHost' })
})

test("the platform's resolver knows this machine, and says when it does not know a name", async () => {
  const resolveHost = findHostResolver()
  const { signal } = new AbortController()
  expect(await resolveHost?.('localhost', { signal })).toEqual(
    expect.arrayContaining([expect.stringMatching(/^(127\.0\.0\.1|::1)$/)]),
  )
  await expect(resolveHost?.(`${'x'.repeat(300)}.example`, { signal })).rejects.toThrow()
})

test('where the platform has none, names pass as written', async () => {
  vi.stubGlobal('process', undefined)
  try {
    expect(findHostResolver()).toBeUndefined()
  } finally {
    vi.unstubAllGlobals()
  }
})
