import { describe, expect, it } from 'vitest'
import { chat, startPair, textOf } from './fixtures/start-pair.ts'
import { answering, refusing, startUpstream } from './fixtures/upstream.ts'
import { Router } from './index-router.ts'

describe('choosing a member', () => {
  it("sends the upstream its own model id, never the member's name", async () => {
    const upstream = await startUpstream(answering('u'))
    const router = new Router()
    router.addModel(
      { baseURL: upstream.baseURL },
      { modelName: 'pinned', models: ['own-id', 'other'], aliases: { logical: 'own-id-2' } },
    )
    const asked = ['other', 'logical', 'pinned', 'auto', 'placeholder', undefined]
    for (const model of asked) await chat(router, { model })
    expect(upstream.seen.map(({ body }) => JSON.parse(body).model)).toEqual([
      'other',
      'own-id-2',
      'own-id',
      'own-id',
      'own-id',
      'own-id',
    ])
  })

  it('leaves every byte but the model as it came', async () => {
    const upstream = await startUpstream(answering('u'))
    const router = new Router()
    router.addModel({ baseURL: upstream.baseURL }, { modelName: 'a', aliases: { m: 'own' } })
    const body =
      '{ "messages" : [ {"role":"user","content":"Gr\\u00fc\\u00dfe \\"model\\": 世界"} ],\n "model" :\t"m" , "temperature":1.0e0 }'
    await router.fetch('/v1/chat/completions', { method: 'POST', body })
    expect(upstream.seen[0]?.body).toBe(body.replace('"m"', '"own"'))
  })

  it('names what is served when nobody serves the model', async () => {
    const { router, primary } = await startPair(answering('p'))
    const response = await chat(router, { model: 'gpt-nope' })
    expect([response.status, (await response.json()).error]).toEqual([
      404,
      {
        message: 'No member serves the model "gpt-nope"; the pool serves m.',
        type: 'ModelSelectionError',
        code: 'model-unknown',
        param: null,
      },
    ])
    expect(primary.seen).toHaveLength(0)
  })

  it('tells an empty pool from an unknown model', async () => {
    const response = await chat(new Router())
    expect([response.status, (await response.json()).error.code]).toEqual([503, 'no-members'])
  })

  it("gives each member its own key and no member the caller's credentials", async () => {
    const { router, primary, fallback } = await startPair(refusing(500))
    const headers = {
      authorization: 'Bearer of-the-caller',
      cookie: 'c=1',
      'x-trace': 't',
      'content-type': 'application/json',
    }
    await chat(router, {}, { headers })
    expect([primary, fallback].map(({ seen }) => seen[0]?.headers.authorization)).toEqual([
      'Bearer key-of-primary',
      'Bearer key-of-fallback',
    ])
    expect(fallback.seen[0]?.headers).toMatchObject({ 'x-trace': 't', 'content-type': 'application/json' })
    expect(JSON.stringify(fallback.seen)).not.toMatch(/of-the-caller|c=1|key-of-primary/)
  })

  it('ejects a whole group when one of it says so for all, and goes on with the others', async () => {
    const upstream = await startUpstream(refusing(402))
    const good = await startUpstream(answering('good'))
    const router = new Router()
    for (const name of ['g1', 'g2', 'g3'])
      router.addModel({ baseURL: upstream.baseURL }, { modelName: name, group: 'g', models: ['m'] })
    router.addFallbackModel({ baseURL: good.baseURL }, { modelName: 'other', models: ['m'] })
    expect(await textOf(await chat(router))).toBe('good as m')
    expect(await textOf(await chat(router))).toBe('good as m')
    expect(upstream.seen).toHaveLength(1)
  })
})
