import { inspect } from 'node:util'
import OpenAI, { APIError, APIUserAbortError } from 'openai'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { answering, contentEvents, refusing, startUpstream, streaming } from './fixtures/upstream.ts'
import { AllModelsFailedError, attemptsOf, ModelSelectionError, Multiplexer } from './index.ts'

const messages = [{ role: 'user' as const, content: 'Hello' }]

async function startMux(primary = answering('primary')) {
  const upstream = await startUpstream(primary)
  const mux = new Multiplexer({ retry: { sameMember: 0 } })
  mux.addModel({ baseURL: upstream.baseURL, apiKey: 'k' }, { modelName: 'primary', models: ['m'] })
  return { mux, upstream }
}

describe('the OpenAI SDK on the router', () => {
  it('creates completions, with the response at hand', async () => {
    const { mux } = await startMux()
    const { data, response } = await mux.chat.completions.create({ model: 'm', messages }).withResponse()
    expect(data.choices[0]?.message.content).toBe('primary as m')
    expect(response.headers.get('x-multiplexer-model')).toBe('primary')
    expect(attemptsOf(response)).toMatchObject([{ member: 'primary', verdict: { kind: 'ok' }, status: 200 }])
  })

  it('streams, and its stream helper works', async () => {
    const { mux } = await startMux()
    let text = ''
    for await (const chunk of await mux.chat.completions.create({ model: 'm', messages, stream: true })) {
      text += chunk.choices[0]?.delta.content ?? ''
    }
    expect(text).toBe('primary as m')
    const final = await mux.chat.completions.stream({ model: 'm', messages }).finalContent()
    expect(final).toBe('primary as m')
  })

  it("keeps the SDK's own error for an upstream's refusal, with the trail", async () => {
    const { mux } = await startMux(
      refusing(400, { error: { message: 'too few', code: 'bad_messages', type: 'invalid' } }),
    )
    const error = await mux.chat.completions.create({ model: 'm', messages }).catch((cause) => cause)
    expect(error).toBeInstanceOf(OpenAI.BadRequestError)
    expect(error).toMatchObject({ status: 400, code: 'bad_messages' })
    expect(attemptsOf(error)).toMatchObject([{ member: 'primary', verdict: { kind: 'invalid-request' } }])
  })

  it('throws its own typed errors as they are, not wrapped in APIError', async () => {
    const { mux } = await startMux(refusing(500))
    mux.addModel({ baseURL: 'http://127.0.0.1:9/v1' }, { modelName: 'dead', models: ['m'] })
    const failed = await mux.chat.completions.create({ model: 'm', messages }).catch((cause) => cause)
    expect(failed).toBeInstanceOf(AllModelsFailedError)
    expect(failed).not.toBeInstanceOf(APIError)
    expect(failed.attempts).toHaveLength(2)
    const unknown = await mux.chat.completions.create({ model: 'nope', messages }).catch((cause) => cause)
    expect(unknown).toBeInstanceOf(ModelSelectionError)
    expect(unknown).toMatchObject({ code: 'model-unknown', model: 'nope', available: ['m'] })
  })

  it('throws StreamInterruptedError out of the for-await loop', async () => {
    const { mux } = await startMux(streaming(contentEvents('one two'), 'reset'))
    const stream = await mux.chat.completions.create({ model: 'm', messages, stream: true })
    let text = ''
    const error = await (async () => {
      for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? ''
    })().catch((cause) => cause)
    expect([text, error.name, error.partialText]).toEqual(['one two', 'StreamInterruptedError', 'one two'])
  })

  it("takes a call's own signal", async () => {
    const { mux } = await startMux(() => {})
    const aborter = new AbortController()
    const pending = mux.chat.completions.create({ model: 'm', messages }, { signal: aborter.signal })
    setImmediate(() => aborter.abort())
    await expect(pending).rejects.toBeInstanceOf(APIUserAbortError)
  })

  it('frees the slot when the loop is left early', async () => {
    const { mux } = await startMux(streaming(contentEvents('one two three'), 'silence'))
    for await (const _ of await mux.chat.completions.create({ model: 'm', messages, stream: true })) break
    expect(mux.getStats().members.primary).toMatchObject({ inFlight: 0, verdicts: { cancelled: 1 } })
  })

  it('does not let retries of a single call multiply attempts', async () => {
    const { mux, upstream } = await startMux(refusing(429, undefined, { 'retry-after': '120' }))
    mux.addFallbackModel({ baseURL: upstream.baseURL }, { modelName: 'second', models: ['m'] })
    await expect(mux.chat.completions.create({ model: 'm', messages }, { maxRetries: 3 })).rejects.toBeInstanceOf(
      AllModelsFailedError,
    )
    expect(upstream.seen).toHaveLength(2)
  })

  it('lists the models of all members once, asking those that were added without any', async () => {
    const { mux } = await startMux()
    const listing = await startUpstream(refusing(200, { object: 'list', data: [{ id: 'm' }, { id: 'n' }] }))
    mux.addModel({ baseURL: listing.baseURL }, { modelName: 'open', aliases: { logical: 'n' } })
    for (let round = 0; round < 2; round++) {
      const ids = (await mux.models.list()).data.map(({ id }) => id)
      expect(ids).toEqual(['m', 'logical', 'n'])
    }
    expect(listing.seen.map(({ path }) => path)).toEqual(['/v1/models'])
  })

  it('takes OpenAI clients as members, with their own key and without their retries', async () => {
    const upstream = await startUpstream(refusing(429, undefined, { 'retry-after': '120' }))
    const good = await startUpstream(answering('good'))
    const mux = new Multiplexer()
    mux.addModel(new OpenAI({ baseURL: upstream.baseURL, apiKey: 'key-1' }), { modelName: 'limited', models: ['m'] })
    mux.addFallbackModel(new OpenAI({ baseURL: good.baseURL, apiKey: 'key-2' }), {
      modelName: 'good',
      aliases: { m: 'own' },
    })
    const completion = await mux.chat.completions.create({ model: 'm', messages })
    expect(completion.choices[0]?.message.content).toBe('good as own')
    expect(upstream.seen).toHaveLength(1)
    expect(good.seen[0]?.headers.authorization).toBe('Bearer key-2')
    const stream = await mux.chat.completions.create({ model: 'm', messages, stream: true })
    expect(await new Response(stream.toReadableStream()).text()).toContain('own')
  })

  it('shows statistics, not its insides, as JSON', async () => {
    const { mux } = await startMux()
    await mux.chat.completions.create({ model: 'm', messages })
    expect(JSON.parse(JSON.stringify(mux))).toMatchObject({
      outcomes: { ok: 1 },
      members: { primary: { attempts: 1 } },
    })
    expect(JSON.stringify(mux)).not.toContain('"k"')
  })

  it('says on the next call why nobody is tried', async () => {
    const { mux, upstream } = await startMux(refusing(403, undefined))
    const call = () => mux.chat.completions.create({ model: 'm', messages })
    await expect(call()).rejects.toMatchObject({ status: 403 })
    await expect(call()).rejects.toThrow('No member could be tried. Left alone after a failure: primary: HTTP 403.')
    expect(upstream.seen).toHaveLength(1)
  })

  it('takes nothing from OPENAI_ variables, neither to send nor to keep', async () => {
    const names = ['API_KEY', 'ADMIN_KEY', 'ORG_ID', 'PROJECT_ID', 'WEBHOOK_SECRET']
    for (const name of names) vi.stubEnv(`OPENAI_${name}`, 'from-environment')
    vi.stubEnv('OPENAI_BASE_URL', 'http://127.0.0.1:1/from-environment')
    vi.stubEnv('OPENAI_CUSTOM_HEADERS', 'x-secret: from-environment')
    onTestFinished(() => void vi.unstubAllEnvs())
    const { mux, upstream } = await startMux()
    await mux.chat.completions.create({ model: 'm', messages }, { headers: { 'x-own': 'mine' } })
    expect(upstream.seen[0]?.headers).toMatchObject({ 'x-own': 'mine' })
    const shown = inspect([mux, upstream.seen], { depth: null, showHidden: true })
    expect(shown).not.toContain('from-environment')
  })

  it('sends nothing that the SDK says of itself, which CORS rules of an upstream may not name', async () => {
    const { mux, upstream } = await startMux()
    await mux.chat.completions.create({ model: 'm', messages })
    await mux.chat.completions.create({ model: 'm', messages }, { headers: { 'user-agent': 'my-app/1.0' } })
    const [plain, named] = upstream.seen.map(({ headers }) => headers)
    const own = ['accept', 'authorization', 'content-type', 'user-agent']
    expect(Object.keys(plain ?? {}).sort()).toEqual(expect.arrayContaining(own))
    expect(Object.keys(plain ?? {}).filter((name) => name.startsWith('x-'))).toEqual([])
    expect([plain?.['user-agent'], named?.['user-agent']]).toEqual(['node', 'my-app/1.0'])
  })

  it('can be disposed of', async () => {
    const { mux } = await startMux()
    await mux[Symbol.asyncDispose]()
    expect(mux.getStats().members).toEqual({})
  })
})
