import { EndpointDiscovery } from '@gonka/discovery'
import { createParticipant } from '@gonka/protocol'
import { RefreshManager } from '@gonka/refresh'
import { ModelRegistrar } from '@gonka/registrar'
import { GonkaClientFactory } from '@gonka/signer/openai'
import { describe, expect, test, vi } from 'vitest'
import {
  ADDRESS,
  createManager,
  createPool,
  createRegistrar,
  ENDPOINT,
  KEY,
  NODE_URL,
  participant,
  participantSet,
} from './fixtures/offline-parts.ts'
import { ROWS, rowsOf } from './fixtures/python-page.ts'
import { GonkaConfig, registerGonkaModels } from './index.ts'

/** No option takes it. */
const WRONG = {} as never

describe('options are looked at: a wrong one is refused by its name', () => {
  const signed = { privateKey: KEY, endpoints: [ENDPOINT] }
  const takers: Record<string, (options: object) => unknown> = {
    register_gonka_models: (options) => registerGonkaModels(createPool(), { ...signed, env: {}, ...options }),
    GonkaConfig: (options) => new GonkaConfig({ ...signed, ...options }, { env: {} }),
    GonkaParticipant: (options) => createParticipant({ ...participant, ...options }),
    EndpointDiscovery: (options) => new EndpointDiscovery({ sourceUrl: NODE_URL, ...options }),
    GonkaClientFactory: () => new GonkaClientFactory(WRONG),
    ModelRegistrar: (options) => new ModelRegistrar({ createClient: () => ({ baseURL: NODE_URL }) }, options),
    'ModelRegistrar argument': (options) => createRegistrar().registerOne(createPool(), participant, options),
    'RefreshManager argument': () => createManager().start(WRONG),
  }
  /** Not options but things that are worked with, or without a wrong value; each is used by another test. */
  const used = ['pool', 'config', 'clientFactory', 'source', 'sink', 'asFallback', 'epochId', 'epoch']
  const listened = ['oldEpoch', 'newEpoch', 'participants', 'participant']
  const kinds = ['parameter', 'argument']
  const rows = ROWS.filter(
    ({ kind, section }) => kinds.includes(kind) || (kind === 'attribute' && /Config$|Participant$/.test(section)),
  ).filter(({ name = '', kind }) => kind === 'attribute' || ![...used, ...listened].includes(name))

  test('of every owner that has some', () => {
    const owners = new Set(rows.map(({ section }) => section))
    const expected = new Set(Object.keys(takers).map((key) => key.split(' ')[0]))
    expect(owners).toEqual(expected)
  })

  test.each(rows)('$section $python', async ({ section, kind, name = '' }) => {
    const take = takers[`${section} ${kind}`] ?? takers[section]
    const attempt = async () => take?.({ [name]: WRONG })
    await expect(attempt()).rejects.toMatchObject({ field: name })
  })

  test('a config is asked for what no argument says', async () => {
    const config = { ...signed, modelNamePrefix: 'mine:' }
    const pool = createPool()
    await registerGonkaModels(pool, { config, env: {} })
    await registerGonkaModels(pool, { config, modelNamePrefix: 'gonka:', env: {} })
    expect(pool.added.map(({ modelName }) => modelName)).toEqual([`mine:${ADDRESS}`, `gonka:${ADDRESS}`])
  })

  test('a client factory makes the upstreams', () => {
    const clientFactory = { createClient: vi.fn(() => ({ baseURL: NODE_URL })) }
    const registrar = new ModelRegistrar(clientFactory)
    expect(registrar.clientFactory).toBe(clientFactory)
    registrar.registerOne(createPool(), participant)
    expect(clientFactory.createClient).toHaveBeenCalledExactlyOnceWith(participant)
  })

  test('a refresh takes from the source, gives to the sink and tells the listener', async () => {
    const reconcile = vi.fn(() => ({ added: 1, removed: 0, updated: 0 }))
    const onEpochChange = vi.fn()
    const manager = new RefreshManager({
      source: { discover: async () => participantSet },
      sink: { reconcile },
      onEpochChange,
    })
    await manager.refreshNow()
    expect(reconcile).toHaveBeenCalledExactlyOnceWith(participantSet)
    const [oldEpoch, newEpoch, participants] = [undefined, 7, participantSet.participants]
    expect(onEpochChange).toHaveBeenCalledExactlyOnceWith(oldEpoch, newEpoch, participants)
  })

  test('a pool gets participants, which can be listed and taken out by epoch', () => {
    const [registrar, pool] = [createRegistrar(), createPool()]
    expect(registrar.registerAll(pool, [participant])).toBe(1)
    const listed = [undefined, 0, 1].map((epochId) => registrar.getRegisteredModels(epochId).size)
    expect(listed).toEqual([1, 1, 0])
    expect([1, 0].map((epochId) => registrar.unregisterAll(pool, epochId))).toEqual([0, 1])
    expect(pool.added).toEqual([])
  })

  test('a weight of 0 stays 0', () => {
    const pool = createPool()
    createRegistrar().registerOne(pool, participant, { weightOverride: 0 })
    expect([pool.added[0]?.weight, createParticipant({ ...participant, weight: 0 }).weight]).toEqual([0, 0])
  })

  test('a client is for one participant', () => {
    const client = new GonkaClientFactory(KEY).createClient(participant)
    expect(client.baseURL).toBe(participant.baseUrl)
  })

  test('an epoch is the current one or a number; next is refused before any request', async () => {
    const fetch = vi.fn()
    const discovery = new EndpointDiscovery({ sourceUrl: NODE_URL, fetch })
    await expect(discovery.discoverForEpoch('next')).rejects.toMatchObject({ code: 'epoch-invalid' })
    expect(fetch).not.toHaveBeenCalled()
  })
})

test('a registration without a usable source ends in a GonkaDiscoveryError', async () => {
  const fetch = async () => new Response('', { status: 500 })
  const options = { privateKey: KEY, sourceUrl: NODE_URL, discovery: { retryCount: 0 }, env: {}, fetch }
  const registering = registerGonkaModels(createPool(), options)
  await expect(registering).rejects.toMatchObject({ name: 'GonkaDiscoveryError', statusCode: 500 })
})

test('each environment variable gives its field', () => {
  const others = { GONKA_PRIVATE_KEY: KEY, GONKA_SOURCE_URL: NODE_URL }
  for (const { python, name } of rowsOf('Environment', 'variable')) {
    const call = () => new GonkaConfig({}, { env: { ...others, [python]: 'wrong' } })
    const field = expect.stringMatching(new RegExp(`^${name}`))
    const message = expect.stringContaining(`It came from ${python}.`)
    expect(call, python).toThrow(expect.objectContaining({ field, message }))
  }
})
