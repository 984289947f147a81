import { type Devnet, type DevnetNode, type DevnetOptions, startDevnet } from '@gonka/devnet'
import { createParticipant } from '@gonka/protocol'
import { Multiplexer } from '@multiplexer/core'
import { describe, expect, onTestFinished, test } from 'vitest'
import { answering, type Script, startServer } from './fixtures/scripted-server.ts'
import { startRelay } from './fixtures/source-relay.ts'
import { registerGonkaModels } from './register-gonka-models.ts'
import type { RegisterGonkaModelsOptions } from './types.ts'

const [A, B, C] = ['sim/model-a', 'sim/model-b', 'sim/model-c'] as const
const ADDRESSES = [
  'gonka1w508d6qejxtdg4y5r3zarvary0c5xw7k2gsyg6',
  'gonka1y2a9p56kv044327uycmqdexl7zs82fs5ryv5le',
] as const

async function start(options: DevnetOptions): Promise<Devnet> {
  const devnet = await startDevnet({ seed: 'choice', blockTimeMs: 0, ...options })
  onTestFinished(() => devnet.stop())
  return devnet
}

async function register(options: RegisterGonkaModelsOptions) {
  const mux = new Multiplexer({ retry: { sameMember: 0 } })
  const warnings: [string, object?][] = []
  const warn = (...args: [string, object?]): void => void warnings.push(args)
  const logger = { debug: () => undefined, info: () => undefined, warn, error: warn }
  const result = await registerGonkaModels(mux, {
    privateKey: `${'00'.repeat(31)}01`,
    allowPrivateHosts: true,
    discovery: { retryCount: 0 },
    env: {},
    random: () => 0.5,
    logger,
    ...options,
  })
  onTestFinished(() => result.refreshManager?.stop())
  return { mux, warnings, ...result }
}

const ask = (mux: Multiplexer, model: string) =>
  mux.chat.completions.create({ model, messages: [{ role: 'user', content: 'Hello' }] })

async function listed(mux: Multiplexer): Promise<string[]> {
  const { data } = await mux.models.list()
  return data.map(({ id }) => id).sort()
}

/** Models that a node was asked for. */
function askedFor({ requests }: DevnetNode): number {
  return requests.filter(({ path }) => path.endsWith('/chat/completions')).length
}

describe('a request for a model', () => {
  test('goes only to participants that list it this epoch, and the list follows the epochs', async () => {
    const devnet = await start({ participants: [{ models: [A] }, { models: [A, B] }, { models: [B] }] })
    const { privateKey } = devnet.account
    const { mux, refreshManager } = await register({ sourceUrl: devnet.url, privateKey })
    expect(await listed(mux)).toEqual([A, B])
    for (let index = 0; index < 10; index += 1) await ask(mux, B)
    expect([askedFor(devnet.node(0)), askedFor(devnet.node(1)) + askedFor(devnet.node(2))]).toEqual([0, 10])

    await devnet.nextEpoch({ leave: [1, 2], join: [{ models: [C] }] })
    expect(await refreshManager?.refreshNow()).toMatchObject({ success: true })
    expect(await listed(mux)).toEqual([A, C])
    for (let index = 0; index < 10; index += 1) await ask(mux, C)
    expect([askedFor(devnet.node(0)), askedFor(devnet.node(3))]).toEqual([0, 10])
    const error = await ask(mux, B).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ name: 'ModelSelectionError' })
    for (const model of [A, C]) expect(String(error)).toContain(model)
  })

  test('follows models that change inside an epoch', async () => {
    const devnet = await start({ participants: [{ models: [A, B] }, { models: [A, B] }] })
    const relay = await startRelay(devnet.url)
    const { privateKey } = devnet.account
    const { mux, refreshManager } = await register({ sourceUrl: relay.url, privateKey })
    relay.edit = (entries) => {
      for (const entry of entries) entry.models = entry.index === devnet.node(1).address ? [B] : [A]
    }
    expect(await refreshManager?.refreshNow()).toMatchObject({ epochChanged: false, participantsUpdated: 2 })
    for (let index = 0; index < 10; index += 1) await ask(mux, B)
    expect([askedFor(devnet.node(0)), askedFor(devnet.node(1))]).toEqual([0, 10])
  })
})

describe('inside an epoch a refresh follows', () => {
  async function registerThree() {
    const devnet = await start({ participants: 3 })
    const relay = await startRelay(devnet.url)
    const registered = await register({ sourceUrl: relay.url, privateKey: devnet.account.privateKey })
    const name = (index: number): string => `gonka:${devnet.node(index).address}`
    return { devnet, relay, name, ...registered }
  }

  test('weights', async () => {
    const { devnet, relay, name, mux, refreshManager } = await registerThree()
    await ask(mux, name(1))
    relay.edit = (entries) => {
      for (const entry of entries) if (entry.index === devnet.node(1).address) entry.weight = 1_000
    }
    expect(await refreshManager?.refreshNow()).toMatchObject({ epochChanged: false, participantsUpdated: 1 })
    expect(mux.getStats().members[name(1)]).toMatchObject({ weight: 1_000, attempts: 1 })
  })

  test('URLs', async () => {
    const { devnet, relay, name, mux, refreshManager } = await registerThree()
    await ask(mux, name(1))
    await devnet.node(1).move()
    relay.edit = (entries) => {
      for (const entry of entries) if (entry.index === devnet.node(1).address) entry.inference_url = devnet.node(1).url
    }
    await expect(ask(mux, name(1))).rejects.toThrow()
    expect(await refreshManager?.refreshNow()).toMatchObject({ epochChanged: false, participantsUpdated: 1 })
    expect((await ask(mux, name(1))).choices).toHaveLength(1)
  })

  test('the list of transfer agents', async () => {
    const { devnet, name, mux, refreshManager } = await registerThree()
    devnet.setTransferAgents([0, 2].map((index) => devnet.node(index).address))
    expect(await refreshManager?.refreshNow()).toMatchObject({ epochChanged: false, participantsRemoved: 1 })
    expect(Object.keys(mux.getStats().members).sort()).toEqual([name(0), name(2)].sort())
    devnet.setTransferAgents([])
    expect(await refreshManager?.refreshNow()).toMatchObject({ epochChanged: false, participantsAdded: 1 })
  })

  test('exclusions', async () => {
    const { devnet, name, mux, refreshManager } = await registerThree()
    devnet.exclude(1)
    expect(await refreshManager?.refreshNow()).toMatchObject({ epochChanged: false, participantsRemoved: 1 })
    await expect(ask(mux, name(1))).rejects.toMatchObject({ name: 'ModelSelectionError' })
  })
})

/** A node that lists models by one script and answers chats by repeating the model. */
function startNode(models: Script) {
  return startServer((request, response) => {
    if (request.url?.endsWith('/models')) return models(request, response)
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text
    })
    request.on('end', () => {
      const { model } = JSON.parse(body) as { model: string }
      const choices = [{ index: 0, message: { role: 'assistant', content: model }, finish_reason: 'stop' }]
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ choices }))
    })
  })
}

const listing = (...ids: string[]): Script => answering(200, { object: 'list', data: ids.map((id) => ({ id })) })
const silent = answering(404, '{"error":"Not Found"}')

async function modelSent(mux: Multiplexer, model: string): Promise<string | null | undefined> {
  return (await ask(mux, model)).choices[0]?.message.content
}

describe('an endpoint given as url;address', () => {
  test.each([
    ['the list of OpenAI', listing(B, A)],
    ['the list of nodes before v0.2.12', answering(200, { models: [{ id: B }, { id: A }] })],
  ])('is asked once, unsigned, for its models, and is sent real ones: %s', async (_, models) => {
    const node = await startNode(models)
    const { mux, participants } = await register({ endpoints: [`${node.url};${ADDRESSES[0]}`] })
    expect(participants).toMatchObject([{ epochId: 0, models: [B, A] }])
    expect(node.seen).toMatchObject([{ method: 'GET', url: '/v1/models' }])
    expect(Object.keys(node.seen[0]?.headers ?? {})).not.toContain('authorization')
    for (const model of ['auto', `gonka:${ADDRESSES[0]}`]) expect(await modelSent(mux, model)).toBe(B)
    expect(await listed(mux)).toEqual([A, B])
    await expect(ask(mux, C)).rejects.toMatchObject({ name: 'ModelSelectionError' })
  })

  test('with models of its own is not asked', async () => {
    const node = await startNode(silent)
    const endpoint = createParticipant({ address: ADDRESSES[0], inferenceUrl: node.url, models: [C] })
    const { mux } = await register({ endpoints: [endpoint] })
    expect(node.seen).toEqual([])
    expect(await modelSent(mux, 'auto')).toBe(C)
  })

  test('that does not answer counts with the models of the others, and the log says so', async () => {
    const [mute, other] = [await startNode(silent), await startNode(listing(A))]
    const endpoints = [`${mute.url};${ADDRESSES[0]}`, `${other.url};${ADDRESSES[1]}`]
    const { mux, warnings, participants } = await register({ endpoints })
    expect(participants.map(({ models }) => models)).toEqual([[A], [A]])
    expect(warnings).toEqual([
      [
        'the models of an endpoint are not known',
        { address: ADDRESSES[0], host: mute.host, reason: 'GET models was answered with HTTP 404' },
      ],
    ])
    expect(await modelSent(mux, `gonka:${ADDRESSES[0]}`)).toBe(A)
  })

  test('of which nobody knows a model serves any that is named, and is never sent a name that is none', async () => {
    const node = await startNode(silent)
    const { mux, participants } = await register({ endpoints: [`${node.url};${ADDRESSES[0]}`] })
    expect(participants).toMatchObject([{ models: [] }])
    expect(await modelSent(mux, C)).toBe(C)
    const chats = () => node.seen.filter(({ method }) => method === 'POST').length
    for (const model of ['auto', `gonka:${ADDRESSES[0]}`]) {
      const error = await ask(mux, model).catch((reason: unknown) => reason)
      expect(String(error)).toContain('name a model in the request')
    }
    expect(chats()).toBe(1)
    expect(await modelSent(mux, C)).toBe(C)
  })

  test('of which nobody knows a model leaves calls that name none to others', async () => {
    const node = await startNode(silent)
    const { mux } = await register({ endpoints: [`${node.url};${ADDRESSES[0]}`] })
    const other = await startNode(silent)
    mux.addModel({ baseURL: `${other.url}/v1` }, { modelName: 'other', models: [C], weight: 0 })
    for (let index = 0; index < 3; index += 1) expect(await modelSent(mux, 'auto')).toBe(C)
    expect(await modelSent(mux, A)).toBe(A)
    expect(node.seen.map(({ method }) => method)).toEqual(['GET', 'POST'])
  })

  test('that never answers costs its time limit', async () => {
    const node = await startNode(() => undefined)
    const endpoints = [`${node.url};${ADDRESSES[0]}`]
    const { warnings } = await register({ endpoints, discovery: { timeoutMs: 50 } })
    expect(warnings).toMatchObject([[expect.any(String), { reason: 'no answer to GET models within 50 ms' }]])
  })

  test('that redirects is not followed', async () => {
    const elsewhere = await startServer(listing(A))
    const node = await startNode(answering(302, '', { location: `${elsewhere.url}/v1/models` }))
    const { participants } = await register({ endpoints: [`${node.url};${ADDRESSES[0]}`] })
    expect([participants[0]?.models, elsewhere.seen]).toEqual([[], []])
  })

  test('beside a source is asked again at each refresh until it has answered', async () => {
    const devnet = await start({ participants: 2, models: [A] })
    let models = silent
    const node = await startNode((request, response) => models(request, response))
    const { mux, participants, refreshManager } = await register({
      sourceUrl: devnet.url,
      privateKey: devnet.account.privateKey,
      endpoints: [`${node.url};${ADDRESSES[0]}`],
    })
    expect(participants.at(-1)?.models).toEqual([A])
    models = listing(B)
    expect(await refreshManager?.refreshNow()).toMatchObject({ success: true, participantsUpdated: 1 })
    for (const model of [`gonka:${ADDRESSES[0]}`, B]) expect(await modelSent(mux, model)).toBe(B)
    models = silent
    await refreshManager?.refreshNow()
    expect(node.seen.filter(({ method }) => method === 'GET')).toHaveLength(2)
  })
})
