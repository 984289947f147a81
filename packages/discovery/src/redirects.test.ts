import { describe, expect, test } from 'vitest'
import { createDiscovery, rejectionOf } from './fixtures/discover.ts'
import { BUNDLE, failureOf } from './fixtures/failure-of.ts'
import { json, startServer, text } from './fixtures/server.ts'

describe('redirects', () => {
  test.each([301, 302, 303, 307, 308])('%i is refused and never followed', async (status) => {
    const target = await startServer(json(BUNDLE))
    const error = await failureOf(text('', { status, headers: { location: `${target.url}/?token=canary` } }))
    expect(error).toMatchObject({ code: 'discovery-redirected', statusCode: status })
    expect(error.message).not.toContain('canary')
    expect(target.paths).toEqual([])
  })

  test('its body is not downloaded', async () => {
    const { promise: closed, resolve } = createGate()
    await failureOf((_request, response) => {
      response.writeHead(302, { location: '/' })
      response.write('x')
      response.on('close', resolve)
    })
    await closed
  })

  test('one that the given fetch followed by itself is refused too', async () => {
    const target = await startServer(json(BUNDLE))
    const server = await startServer(text('', { status: 302, headers: { location: target.url } }))
    const fetch = (url: string, init: RequestInit): Promise<Response> =>
      globalThis.fetch(url, { ...init, redirect: 'follow' })
    const { discovery } = createDiscovery({ sourceUrl: server.url, fetch })
    expect(await rejectionOf(discovery.discover())).toMatchObject({ code: 'discovery-redirected' })
  })
})

function createGate(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => {}
  const promise = new Promise<void>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}
