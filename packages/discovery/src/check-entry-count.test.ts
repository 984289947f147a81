import { describe, expect, test } from 'vitest'
import { participant, toShapeA } from './fixtures/bundles.ts'
import { createDiscovery, createDiscoveryOf, rejectionOf } from './fixtures/discover.ts'
import { json, startServer } from './fixtures/server.ts'

const LIMIT = 10_000
const honest = toShapeA({ epochId: 7, participants: [participant(1)] })
const entries = Array<unknown>(LIMIT + 1).fill({})

/** An answer with so many entries in one of its lists. */
function flood(list: 'participants' | 'excluded', count = LIMIT + 1): unknown {
  const some = entries.slice(0, count)
  if (list === 'excluded') return { ...honest, excluded_participants: some }
  return { ...honest, active_participants: { ...(honest.active_participants as object), participants: some } }
}

describe('an answer with more entries than any network has', () => {
  test.each(['participants', 'excluded'] as const)('is refused before they are looked at: %s', async (list) => {
    const error = await rejectionOf(createDiscoveryOf(flood(list)).discovery.discover())
    expect(error).toMatchObject({ name: 'GonkaDiscoveryError', code: 'discovery-answer-too-large' })
    expect(error.message).toBe('http://node.example lists 10001 participants; more than 10000 are not read.')
  })

  test('is refused where lists must be proven too', async () => {
    const options = { trust: 'first-use', chainId: 'chain' } as const
    const error = await rejectionOf(createDiscoveryOf(flood('participants'), options).discovery.discover())
    expect(error).toMatchObject({ name: 'GonkaDiscoveryError', code: 'discovery-answer-too-large' })
  })

  test('is not asked for again, and the next source is', async () => {
    const [hostile, good] = await Promise.all([startServer(json(flood('excluded'))), startServer(json(honest))])
    const { discovery } = createDiscovery({ sourceUrls: [hostile.url, good.url], transferAgents: [] })
    expect((await discovery.discover()).sourceUrl).toBe(good.url)
    const alone = createDiscovery({ sourceUrl: hostile.url, transferAgents: [] })
    await rejectionOf(alone.discovery.discover())
    expect(hostile.paths).toHaveLength(2)
  })
})

test('an answer with as many entries as are read is read', async () => {
  const { participants } = await createDiscoveryOf(flood('excluded', LIMIT)).discovery.discover()
  expect(participants).toHaveLength(1)
})

/** An answer in which one participant lists so many models, and another one more. */
function manyModels(count: number): unknown {
  const models = Array.from({ length: count }, (_, index) => `model-${index}`)
  return toShapeA({ epochId: 7, participants: [participant(1, { models }), participant(2, { models: ['model-0'] })] })
}

test('an answer with more models than any network serves is refused by their number', async () => {
  const error = await rejectionOf(createDiscoveryOf(manyModels(LIMIT + 1)).discovery.discover())
  expect(error).toMatchObject({ name: 'GonkaDiscoveryError', code: 'discovery-answer-too-large' })
  expect(error.message).toBe('http://node.example lists more than 10000 models, which are not read.')
  const { participants } = await createDiscoveryOf(manyModels(LIMIT)).discovery.discover()
  expect(participants.map(({ models }) => models.length)).toEqual([LIMIT, 1])
})

test('a model that a participant lists again counts once', async () => {
  const models = Array.from({ length: LIMIT + 1 }, (_, index) => `model-${index % 2}`)
  const answer = toShapeA({ epochId: 7, participants: [participant(1, { models })] })
  const { participants } = await createDiscoveryOf(answer).discovery.discover()
  expect(participants[0]?.models).toEqual(['model-0', 'model-1'])
})
