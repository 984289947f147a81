import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Router } from '@multiplexer/core/router'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { names, register, start } from './fixtures/register-kit.ts'
import type { RegisterGonkaModelsOptions } from './types.ts'

async function serveText(text: string, status = 200): Promise<string> {
  const server = createServer((_, response) => response.writeHead(status).end(text))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('a registration that fails', () => {
  const refusals: [string, RegisterGonkaModelsOptions, object][] = [
    ['no key', { privateKey: undefined }, { name: 'GonkaConfigError', field: 'privateKey' }],
    ['proofs without a trust', { verifyProofs: true }, { name: 'GonkaConfigError', field: 'trust' }],
    ['private hosts', { allowPrivateHosts: false }, { name: 'GonkaNoParticipantsError' }],
    ['a bad timeout', { discovery: { timeoutMs: -1 } }, { name: 'GonkaConfigError', field: 'timeoutMs' }],
  ]

  test.each(refusals)('for %s leaves nothing behind', async (_, options, expected) => {
    const devnet = await start()
    const router = new Router()
    await expect(register(router, devnet, options)).rejects.toMatchObject(expected)
    expect(names(router)).toEqual([])
  })

  test.each([
    ['HTML', '<!doctype html><p>hello', 200],
    ['truncated JSON', '{"active_participants":{"participants":[', 200],
    ['nobody', '{"active_participants":{"epoch_id":7,"participants":[]}}', 200],
    ['an error', 'no', 500],
  ])('because the source answers %s leaves nothing behind', async (_, text, status) => {
    const devnet = await start()
    const router = new Router()
    const sourceUrl = await serveText(text, status)
    const registering = register(router, devnet, { sourceUrl, discovery: { retryCount: 0 } })
    await expect(registering).rejects.toMatchObject({
      name: expect.stringMatching(/^Gonka(Discovery|NoParticipants)Error$/),
    })
    expect(names(router)).toEqual([])
  })

  test('after members were added takes them out again', async () => {
    const devnet = await start()
    const router = new Router()
    const random = () => {
      throw new Error('no chance')
    }
    await expect(register(router, devnet, { random })).rejects.toThrow('no chance')
    expect(names(router)).toEqual([])
  })

  test('ends at once when its signal aborts, and registers nobody afterwards', async () => {
    const devnet = await start()
    devnet.node(0).fault({ hang: true, path: 'discovery' })
    const router = new Router()
    const controller = new AbortController()
    const registering = register(router, devnet, { signal: controller.signal })
    await vi.waitUntil(() => devnet.node(0).requests.length > 0)
    controller.abort(new Error('changed my mind'))
    await expect(registering).rejects.toThrow('changed my mind')
    expect(names(router)).toEqual([])
  })

  test('registers nobody when it is aborted before the participants are known', async () => {
    const devnet = await start()
    const router = new Router()
    const controller = new AbortController()
    const endpoints = [`${devnet.url};${devnet.node(0).address}`]
    const registering = register(router, devnet, { sourceUrl: undefined, endpoints, signal: controller.signal })
    controller.abort(new Error('changed my mind'))
    await expect(registering).rejects.toThrow('changed my mind')
    expect(names(router)).toEqual([])
  })

  test.each(['load', 'save'] as const)('ends at once while the store hangs in %s()', async (hanging) => {
    const devnet = await start()
    const router = new Router()
    const controller = new AbortController()
    const answer = (method: string) => async (): Promise<undefined> => {
      if (method !== hanging) return undefined
      controller.abort(new Error('changed my mind'))
      return new Promise(() => undefined)
    }
    const participantStore = { load: answer('load'), save: answer('save') }
    const registering = register(router, devnet, { participantStore, signal: controller.signal })
    await expect(registering).rejects.toThrow('changed my mind')
    expect(names(router)).toEqual([])
  })
})
