import { Multiplexer } from '@multiplexer/core'
import OpenAI from 'openai'
import { afterAll, bench, describe } from 'vitest'
import { answerInMemory, callRouter, callTransport } from './in-memory.ts'
import { createRouter } from './measure-router.ts'
import { CHAT_REQUEST } from './payloads.ts'
import { startUpstream } from './start-upstream.ts'

const upstream = await startUpstream()
afterAll(() => upstream.close())

const own = { baseURL: upstream.baseURL, apiKey: 'key' }
const sdk = new OpenAI(own)
const mux = new Multiplexer()
mux.addModel(own, { modelName: 'only', models: [CHAT_REQUEST.model] })

describe('one call over a socket', () => {
  bench('openai SDK', async () => {
    await sdk.chat.completions.create(CHAT_REQUEST)
  })
  bench('mux, described member', async () => {
    await mux.chat.completions.create(CHAT_REQUEST)
  })
})

const router = createRouter(answerInMemory)

describe('one call in memory', () => {
  bench('transport', () => callTransport(answerInMemory))
  bench('router', () => callRouter(router))
})
