import type { GonkaParticipant } from '@gonka/protocol'
import { describe, expect, test } from 'vitest'
import { MemoryPool, nameOf, participant, setOf } from './fixtures/memory-pool.ts'
import { ModelRegistrar, type ModelRegistrarOptions } from './model-registrar.ts'

function setUp(options: ModelRegistrarOptions & { refuses?: (participant: GonkaParticipant) => boolean } = {}) {
  const lines: string[] = []
  const made: string[] = []
  const factory = {
    requesterAddress: 'gonka1w508d6qejxtdg4y5r3zarvary0c5xw7k2gsyg6',
    createClient(target: GonkaParticipant) {
      if (options.refuses?.(target)) throw new TypeError('token=hunter2')
      made.push(target.baseUrl)
      return { baseURL: target.baseUrl }
    },
  }
  const logger = { warn: (message: string, details?: object) => lines.push(`${message} ${JSON.stringify(details)}`) }
  return {
    pool: new MemoryPool(),
    registrar: new ModelRegistrar(factory, { logger, ...options }),
    factory,
    lines,
    made,
  }
}

describe('registering', () => {
  test('a participant becomes a member with its weight and models, named after its address', () => {
    const { pool, registrar, factory } = setUp({ defaultMaxConcurrent: 4 })
    expect(registrar.registerOne(pool, participant({ n: 1, weight: 25, models: ['a', 'b'] }))).toBe(true)
    expect(pool.members.get(nameOf(1))).toMatchObject({
      source: { baseURL: 'http://p1.example:8000/v1' },
      modelName: nameOf(1),
      weight: 25,
      models: ['a', 'b'],
      tier: 0,
      group: 'gonka:',
      maxConcurrent: 4,
    })
    expect([registrar.clientFactory, registrar.modelNamePrefix, registrar.defaultMaxConcurrent]).toEqual([
      factory,
      'gonka:',
      4,
    ])
  })

  test('members judge answers as Gonka nodes mean them, and share a group', () => {
    const { pool, registrar } = setUp({ group: 'wallet' })
    registrar.registerAll(pool, setOf(1, { n: 1 }, { n: 2 }).participants)
    const members = [...pool.members.values()]
    expect(members.map((member) => member.group)).toEqual(['wallet', 'wallet'])
    expect(members[0]?.classify?.({ status: 410 })?.kind).toBe('suspended')
  })

  test('options override tier, weight and concurrency', () => {
    const { pool, registrar } = setUp()
    registrar.registerOne(pool, participant({ n: 1 }), { asFallback: true, weightOverride: 200, maxConcurrent: 2 })
    expect(pool.members.get(nameOf(1))).toMatchObject({ tier: 1, weight: 200, maxConcurrent: 2 })
  })

  test('a participant of an epoch without models serves none, one configured by hand serves any', () => {
    const { pool, registrar } = setUp()
    registrar.registerAll(pool, [participant({ n: 1, models: [] }), participant({ n: 2, models: [], epochId: 0 })])
    expect([pool.members.get(nameOf(1))?.models, pool.members.get(nameOf(2))?.models]).toEqual([[], undefined])
  })

  test('what is registered already, or has the name of another member, is skipped', () => {
    const { pool, registrar } = setUp()
    pool.addModel({ baseURL: 'http://mine.example/v1' }, { modelName: nameOf(2) })
    const { participants } = setOf(1, { n: 1 }, { n: 1 }, { n: 2 })
    expect(registrar.registerAll(pool, participants)).toBe(1)
    expect(registrar.registerOne(pool, participant({ n: 1 }))).toBe(false)
    expect([...registrar.getRegisteredModels()]).toEqual([nameOf(1)])
    expect(pool.members.get(nameOf(2))?.source).toEqual({ baseURL: 'http://mine.example/v1' })
  })

  test('a client that cannot be made stops the others in no way; its reason is logged without foreign text', () => {
    const { pool, registrar, lines } = setUp({ refuses: ({ baseUrl }) => baseUrl.includes('p1') })
    expect(registrar.registerAll(pool, setOf(1, { n: 1 }, { n: 2 }).participants, { asFallback: true })).toBe(1)
    expect(lines).toEqual([expect.stringContaining(`participant skipped {"modelName":"${nameOf(1)}"`)])
    expect(lines.join()).toContain('TypeError')
    expect(lines.join()).not.toContain('hunter2')
  })

  test('a client that cannot be made for a single participant is an error', () => {
    const { pool, registrar } = setUp({ refuses: () => true })
    const { address } = participant({ n: 1 })
    expect(() => registrar.registerOne(pool, participant({ n: 1 }))).toThrow(
      expect.objectContaining({ name: 'GonkaClientError', code: 'client-invalid', participantAddress: address }),
    )
    expect([pool.names, [...registrar.getRegisteredModels()]]).toEqual([[], []])
  })

  test('members can be listed and removed by epoch', () => {
    const { pool, registrar } = setUp()
    registrar.registerAll(pool, [...setOf(1, { n: 1 }, { n: 2 }).participants, ...setOf(2, { n: 3 }).participants])
    expect(registrar.getRegisteredModels(1)).toEqual(new Set([nameOf(1), nameOf(2)]))
    expect(registrar.unregisterAll(pool, 1)).toBe(2)
    expect(registrar.unregisterAll(pool, 1)).toBe(0)
    expect(pool.names).toEqual([nameOf(3)])
    expect(registrar.getRegisteredModels()).toEqual(new Set([nameOf(3)]))
  })

  test('members of all epochs can be removed at once', () => {
    const { pool, registrar } = setUp()
    registrar.registerAll(pool, [...setOf(1, { n: 1 }).participants, ...setOf(2, { n: 3 }).participants])
    pool.addModel(() => Promise.reject(new Error('unused')), { modelName: 'mine' })
    expect(registrar.unregisterAll(pool)).toBe(2)
    expect(pool.names).toEqual(['mine'])
  })

  test('several pools can be served', () => {
    const { pool, registrar } = setUp()
    const other = new MemoryPool()
    registrar.registerAll(pool, setOf(1, { n: 1 }).participants)
    registrar.registerAll(other, setOf(1, { n: 1 }, { n: 2 }).participants)
    registrar.unregisterAll(pool, 1)
    expect([pool.names, other.names]).toEqual([[], [nameOf(1), nameOf(2)].sort()])
    expect(registrar.getRegisteredModels()).toEqual(new Set([nameOf(1), nameOf(2)]))
  })
})

describe('reconciling', () => {
  test('adds first, then updates in place, then removes', () => {
    const { pool, registrar } = setUp()
    registrar.reconcile(pool, setOf(1, { n: 1 }, { n: 2, weight: 5 }))
    pool.log.length = 0
    const result = registrar.reconcile(pool, setOf(2, { n: 2, weight: 6 }, { n: 3 }))
    expect(result).toEqual({ added: 1, removed: 1, updated: 1, failed: 0 })
    expect(pool.log).toEqual([`add ${nameOf(3)}`, `update ${nameOf(2)} models,weight`, `remove ${nameOf(1)}`])
  })

  test('a participant that stays unchanged is counted to the new epoch, and its models are said again', () => {
    const { pool, registrar, made } = setUp()
    const unchanged = { added: 0, removed: 0, updated: 0, failed: 0 }
    registrar.reconcile(pool, setOf(1, { n: 1 }))
    pool.log.length = 0
    expect(registrar.reconcile(pool, setOf(1, { n: 1 }))).toEqual(unchanged)
    expect([pool.log, made.length]).toEqual([[], 1])
    expect(registrar.reconcile(pool, setOf(2, { n: 1 }))).toEqual(unchanged)
    expect([pool.log, made.length]).toEqual([[`update ${nameOf(1)} models`], 1])
    expect([registrar.getRegisteredModels(1).size, registrar.getRegisteredModels(2).size]).toEqual([0, 1])
  })

  test.each([
    ['URL', { host: 'moved.example' }, { source: { baseURL: 'http://moved.example:8000/v1' } }],
    ['weight', { weight: 9 }, { weight: 9 }],
    ['models', { models: ['m', 'n'] }, { models: ['m', 'n'] }],
  ])('a new %s is put into the member in place', (_, change, expected) => {
    const { pool, registrar } = setUp()
    registrar.reconcile(pool, setOf(1, { n: 1 }))
    registrar.reconcile(pool, setOf(1, { n: 1, ...change }))
    expect(pool.log.at(-1)).toBe(`update ${nameOf(1)} ${Object.keys(expected)}`)
    expect(pool.members.get(nameOf(1))).toMatchObject(expected)
  })

  test('a participant configured by hand that the network now lists serves the listed models only, and back', () => {
    const { pool, registrar } = setUp()
    registrar.reconcile(pool, setOf(0, { n: 1, models: [] }))
    registrar.reconcile(pool, setOf(4, { n: 1, models: ['m'] }))
    expect(pool.members.get(nameOf(1))?.models).toEqual(['m'])
    registrar.reconcile(pool, { epochId: 5, participants: [participant({ n: 1, models: [], epochId: 0 })] })
    expect(pool.members.get(nameOf(1))?.models).toBeUndefined()
  })

  test('overrides stay with a participant that stays; the tier changes only when asked', () => {
    const { pool, registrar } = setUp()
    registrar.registerOne(pool, participant({ n: 1 }), { weightOverride: 200, maxConcurrent: 2, asFallback: true })
    registrar.reconcile(pool, setOf(2, { n: 1, weight: 7 }))
    expect(pool.members.get(nameOf(1))).toMatchObject({ weight: 200, maxConcurrent: 2, tier: 1 })
    registrar.reconcile(pool, setOf(2, { n: 1 }), { asFallback: false })
    expect(pool.members.get(nameOf(1))).toMatchObject({ weight: 200, tier: 0 })
  })

  test('members of others are left alone', () => {
    const { pool, registrar } = setUp()
    pool.addModel({ baseURL: 'http://mine.example/v1' }, { modelName: 'openai' })
    pool.addModel({ baseURL: 'http://mine.example/v1' }, { modelName: nameOf(1) })
    expect(registrar.reconcile(pool, setOf(1, { n: 1 }, { n: 2 }))).toMatchObject({ added: 1, failed: 1 })
    registrar.reconcile(pool, setOf(2, { n: 3 }))
    registrar.reconcile(pool, { epochId: 3, participants: [] })
    expect(pool.names).toEqual([nameOf(1), 'openai'].sort())
    expect(pool.log).not.toContain(`remove ${nameOf(1)}`)
  })

  test('a member that somebody took out of the pool comes back', () => {
    const { pool, registrar } = setUp()
    registrar.reconcile(pool, setOf(1, { n: 1 }, { n: 2 }))
    pool.removeModel(nameOf(1))
    expect(registrar.reconcile(pool, setOf(1, { n: 1 }, { n: 2 }))).toMatchObject({ added: 1 })
    expect(pool.hasModel(nameOf(1))).toBe(true)
  })

  test('a participant that moves to a URL no client can be made for stays where it was and is tried again', () => {
    let broken = true
    const { pool, registrar, lines } = setUp({ refuses: ({ baseUrl }) => broken && baseUrl.includes('moved') })
    registrar.reconcile(pool, setOf(1, { n: 1 }, { n: 2 }))
    const next = setOf(2, { n: 1, host: 'moved.example' }, { n: 2 })
    expect(registrar.reconcile(pool, next)).toEqual({ added: 0, removed: 0, updated: 0, failed: 1 })
    expect(pool.members.get(nameOf(1))?.source).toEqual({ baseURL: 'http://p1.example:8000/v1' })
    expect([registrar.getRegisteredModels(2).size, lines.length]).toEqual([2, 1])
    broken = false
    expect(registrar.reconcile(pool, next)).toMatchObject({ updated: 1, failed: 0 })
    expect(pool.members.get(nameOf(1))?.source).toEqual({ baseURL: 'http://moved.example:8000/v1' })
  })

  test('a set of which nobody can be registered is refused, and those from before stay', () => {
    const { pool, registrar } = setUp({ refuses: ({ epochId }) => epochId === 2 })
    registrar.reconcile(pool, setOf(1, { n: 1 }))
    expect(() => registrar.reconcile(pool, setOf(2, { n: 2 }, { n: 3 }))).toThrow(
      expect.objectContaining({ name: 'GonkaClientError', code: 'client-invalid' }),
    )
    expect(pool.names).toEqual([nameOf(1)])
  })

  test('names that are taken are refused with what to do about it', () => {
    const { pool, registrar } = setUp()
    pool.addModel({ baseURL: 'http://mine.example/v1' }, { modelName: nameOf(1) })
    const expected =
      /^None of the 1 participants .* The first: The pool has another member named .*; use another prefix\.$/
    expect(() => registrar.reconcile(pool, setOf(1, { n: 1 }))).toThrow(expected)
  })

  test('sinkFor binds the pool and the tier', () => {
    const { pool, registrar } = setUp()
    expect(registrar.sinkFor(pool, { asFallback: true }).reconcile(setOf(1, { n: 1 }))).toMatchObject({ added: 1 })
    expect(pool.members.get(nameOf(1))?.tier).toBe(1)
  })
})

test.each([
  ['modelNamePrefix', { modelNamePrefix: '' }],
  ['defaultMaxConcurrent', { defaultMaxConcurrent: 0 }],
  ['defaultMaxConcurrent', { defaultMaxConcurrent: 1.5 }],
])('a wrong %s is refused', (field, options) => {
  expect(() => setUp(options)).toThrow(expect.objectContaining({ name: 'GonkaConfigError', field }))
})

test.each([
  ['weightOverride', { weightOverride: -1 }],
  ['weightOverride', { weightOverride: Number.NaN }],
  ['weightOverride', { weightOverride: 2 ** 53 }],
  ['weightOverride', { weightOverride: '7' as never }],
  ['maxConcurrent', { maxConcurrent: 0 }],
])('a wrong %s is refused and registers nothing', (field, options) => {
  const { pool, registrar } = setUp()
  const register = () => registrar.registerOne(pool, participant({ n: 1 }), options)
  expect(register).toThrow(expect.objectContaining({ name: 'GonkaConfigError', field }))
  expect(pool.names).toEqual([])
})

test.each(['throws', 'rejects'])('a logger that %s keeps nobody else out of the pool', async (how) => {
  const logger = {
    warn: () => {
      const error = new Error('the disk of the log is full')
      if (how === 'throws') throw error
      return Promise.reject(error)
    },
  }
  const refuses = ({ baseUrl }: GonkaParticipant): boolean => baseUrl.includes('p1.')
  const { pool, registrar } = setUp({ logger, refuses })
  expect(registrar.reconcile(pool, setOf(1, { n: 1 }, { n: 2 }))).toMatchObject({ added: 1, failed: 1 })
  expect(registrar.registerAll(pool, setOf(1, { n: 1 }, { n: 3 }).participants)).toBe(1)
})
