import { describe, expect, test } from 'vitest'
import { address, type FixtureParticipant, participant, toShapeA, toShapeB } from './fixtures/bundles.ts'
import { createDiscoveryOf, rejectionOf } from './fixtures/discover.ts'
import type { EndpointDiscoveryOptions } from './types.ts'

const good = participant(1)

async function select(
  participants: unknown[],
  options: EndpointDiscoveryOptions & { excluded?: unknown } = {},
): Promise<{ accepted: string[]; rejected: unknown[] }> {
  const { excluded, ...rest } = options
  const bundle = toShapeA({ epochId: 7, participants: participants as FixtureParticipant[] })
  const answer = { ...bundle, excluded_participants: excluded }
  const result = await createDiscoveryOf(answer, rest).discovery.discover()
  return { accepted: result.participants.map((one) => one.address), rejected: [...result.rejected] }
}

describe('hosts', () => {
  const privateUrls = [
    'http://127.0.0.1:8000',
    'http://localhost:8000',
    'http://10.0.0.5',
    'http://192.168.1.1',
    'http://172.20.0.2',
    'http://169.254.169.254',
    'http://[::1]:8000',
    'http://[::ffff:127.0.0.1]',
    'http://[fe80::1]',
    'http://[fd00::1]',
    'http://0x7f000001',
    'http://2130706433',
    'http://0177.0.0.1',
    'http://genesis-api:8080',
    'http://metadata.google.internal',
    'http://127.0.0.1.:80',
  ]

  test.each(privateUrls)('refuses %s', async (inferenceUrl) => {
    const { accepted, rejected } = await select([participant(2, { inferenceUrl }), good])
    expect(accepted).toEqual([good.address])
    expect(rejected).toEqual([{ address: address(2), reason: 'host-refused', host: expect.any(String) }])
  })

  test.each(privateUrls)('accepts %s with allowPrivateHosts', async (inferenceUrl) => {
    const { accepted } = await select([participant(2, { inferenceUrl })], { allowPrivateHosts: true })
    expect(accepted).toEqual([address(2)])
  })

  test('accepts public addresses and names', async () => {
    const urls = [
      'http://8.8.8.8:8000',
      'https://node3.gonka.ai',
      'http://[2606:4700::1111]:8000',
      'https://a.b.example/p/',
    ]
    const entries = urls.map((inferenceUrl, index) => participant(index + 1, { inferenceUrl }))
    expect((await select(entries)).accepted).toHaveLength(urls.length)
  })
})

describe('bad entries never drop the others', () => {
  test.each([
    ['url-invalid', { inferenceUrl: 'ftp://8.8.8.8' }],
    ['url-invalid', { inferenceUrl: 'javascript:alert(1)' }],
    ['url-invalid', { inferenceUrl: '' }],
    ['url-invalid', { inferenceUrl: '8.8.8.8:8000' }],
    ['url-invalid', { inferenceUrl: 'http://user:pass@8.8.8.8' }],
    ['url-invalid', { inferenceUrl: 'http://8.8.8.8/?a=1' }],
    ['url-invalid', { inferenceUrl: 'http://8.8.8.8/#a' }],
    ['url-invalid', { inferenceUrl: `http://8.8.8.8/${'a'.repeat(3_000)}` }],
    ['entry-invalid', { inferenceUrl: 5 }],
    ['entry-invalid', { weight: 'heavy' }],
    ['entry-invalid', { weight: 1.5 }],
    ['entry-invalid', { weight: '9'.repeat(41) }],
    ['entry-invalid', { weight: [] }],
    ['entry-invalid', { models: ['a', 5] }],
  ])('%s: %j', async (reason, changes) => {
    const { accepted, rejected } = await select([{ ...participant(2), ...changes }, good])
    expect(accepted).toEqual([good.address])
    expect(rejected).toEqual([{ address: address(2), reason }])
  })

  test.each([
    ['address-invalid', 'gonka1'],
    ['address-invalid', `${address(2).slice(0, -1)}q`],
    ['address-invalid', 'cosmos1w508d6qejxtdg4y5r3zarvary0c5xw7kxx5fd8'],
    ['address-invalid', ''],
  ])('%s: %j', async (reason, bad) => {
    const { accepted, rejected } = await select([participant(2, { address: bad }), good])
    expect(accepted).toEqual([good.address])
    expect(rejected).toEqual([{ address: bad, reason }])
  })

  test('entries that are no objects', async () => {
    const bundle = toShapeB({ epochId: 7, participants: [good] })
    const active = bundle.active_participants as { participants: unknown[] }
    active.participants.unshift(
      null,
      5,
      'text',
      [],
      { index: 7 },
      { index: 'x'.repeat(100_000), weight: {} },
      { index: 'y'.repeat(100_000) },
    )
    const { participants, rejected } = await createDiscoveryOf(bundle).discovery.discover()
    expect(participants).toHaveLength(1)
    const reasons = rejected.map(({ address: where, reason }) => [where.length, reason])
    expect(reasons).toContainEqual([64, 'entry-invalid'])
    expect(reasons).toContainEqual([64, 'address-invalid'])
    expect(reasons).toContainEqual([0, 'address-invalid'])
    expect(reasons.filter(([, reason]) => reason === 'entry-invalid')).toHaveLength(5)
  })
})

describe('the same address twice', () => {
  test('keeps the first, whatever its case', async () => {
    const second = participant(1, { address: address(1).toUpperCase(), inferenceUrl: 'http://9.9.9.9' })
    const { discovery } = createDiscoveryOf(toShapeA({ epochId: 7, participants: [good, second] }))
    const { participants, rejected } = await discovery.discover()
    expect(participants.map(({ inferenceUrl }) => inferenceUrl)).toEqual([good.inferenceUrl])
    expect(rejected).toEqual([{ address: address(1).toUpperCase(), reason: 'duplicate' }])
  })

  test('keeps the second when the first cannot be used', async () => {
    const first = participant(1, { inferenceUrl: 'http://127.0.0.1' })
    expect((await select([first, good])).accepted).toEqual([good.address])
  })
})

describe('excluded participants', () => {
  test('are left out, and unreadable exclusions are passed over', async () => {
    const excluded = [{ address: address(2).toUpperCase(), reason: 'cPoC' }, { address: address(9) }, null, 'x', {}, 5]
    const { accepted, rejected } = await select([good, participant(2)], { excluded })
    expect(accepted).toEqual([good.address])
    expect(rejected).toEqual([{ address: address(2), reason: 'excluded' }])
  })

  test.each([[undefined], [null], [[]]])('%j excludes nobody', async (excluded) => {
    expect((await select([good], { excluded })).accepted).toEqual([good.address])
  })
})

describe('weights', () => {
  test.each([
    [10, 10],
    ['10', 10],
    [undefined, 0],
    [null, 0],
    [0, 0],
    ['0', 0],
    [-5, 0],
    ['-9223372036854775808', 0],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
    ['9223372036854775807', Number.MAX_SAFE_INTEGER],
    [1e300, Number.MAX_SAFE_INTEGER],
    ['0010', 10],
  ])('%j becomes %i', async (weight, expected) => {
    const bundle = toShapeA({ epochId: 7, participants: [good] })
    const active = bundle.active_participants as { participants: object[] }
    Object.assign(active.participants[0]!, { weight })
    const { participants } = await createDiscoveryOf(bundle).discovery.discover()
    expect(participants.map((one) => one.weight)).toEqual([expected])
  })
})

describe('nobody left', () => {
  test('counts the reasons and says what to do', async () => {
    const local = [1, 2, 3, 4, 5].map((index) => participant(index, { inferenceUrl: `http://127.0.0.1:${index}` }))
    const { discovery } = createDiscoveryOf(
      toShapeA({ epochId: 7, participants: [...local, participant(6)], excluded: [address(6)] }),
      { retryCount: 3 },
    )
    const error = await rejectionOf(discovery.discover())
    expect(error).toMatchObject({ name: 'GonkaNoParticipantsError', code: 'no-participants', epoch: '7' })
    expect(error.message).toBe(
      'http://node.example names nobody in epoch 7 that requests can be sent to: ' +
        '5 refused: private host; set allowPrivateHosts for local networks. ' +
        '1 refused: excluded by the chain in this epoch.',
    )
  })

  test.each([[[]], [null], [undefined]])('says that the list %j is empty', async (participants) => {
    const { discovery } = createDiscoveryOf({ active_participants: { epoch_id: 7, participants } })
    const error = await rejectionOf(discovery.discover())
    expect(error).toMatchObject({ name: 'GonkaNoParticipantsError', sourceUrl: 'http://node.example' })
    expect(error.message).toContain('the list is empty')
  })
})

test('a participant keeps the models whose names are fit to be shown', async () => {
  const models = ['模型/日本語-🦊', '\u001b[2J', '', 'x'.repeat(300), 'a\nb', 'm']
  const bundle = toShapeA({ epochId: 7, participants: [participant(1, { models })] })
  const { participants } = await createDiscoveryOf(bundle).discovery.discover()
  expect(participants.map((each) => each.models)).toEqual([['模型/日本語-🦊', 'm']])
})
