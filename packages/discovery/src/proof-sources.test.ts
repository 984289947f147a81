import { describe, expect, test } from 'vitest'
import { createDiscovery, rejectionOf } from './fixtures/discover.ts'
import { EPOCH_7, type Telling, tell } from './fixtures/epoch-7.ts'
import { discover, proving } from './fixtures/proving.ts'
import { startServer } from './fixtures/server.ts'
import { createMemoryTrustStore } from './memory-trust-store.ts'

describe('after a source that lied', () => {
  const liar = (): Telling => ({ bundle: { ...EPOCH_7.bundle, active_participants_bytes: '28643007' } })

  test('the next one is asked, and the lie is told to the logger', async () => {
    const warnings: unknown[] = []
    const logger = { warn: (_message: string, details: unknown) => void warnings.push(details) }
    const { url: first } = await startServer(tell(liar()))
    const { url: second } = await startServer(tell())
    const options = proving({ sourceUrls: [first, second], logger })
    expect((await createDiscovery(options).discovery.discover()).sourceUrl).toBe(second)
    expect(warnings).toEqual([{ sourceUrl: first, code: 'value-mismatch' }])
  })

  test('the error tells of its lie beside what the others said', async () => {
    const { url: first } = await startServer(tell(liar()))
    const { url: second } = await startServer((_request, response) => void response.writeHead(503).end())
    const options = proving({ sourceUrls: [first, second] })
    const error = await rejectionOf(createDiscovery(options).discovery.discover())
    expect(error).toMatchObject({ code: 'discovery-failed', cause: { code: 'value-mismatch' } })
    expect(error.message).toContain(first)
    expect(error.message).toContain('503')
  })

  test('first use pins nothing', async () => {
    const trustStore = createMemoryTrustStore()
    await rejectionOf(discover(liar(), { trust: 'first-use', trustStore }))
    expect(await trustStore.load()).toBeUndefined()
  })
})

test('a chain that cannot be asked now is asked again', async () => {
  let asked = 0
  const { url } = await startServer((request, response) => {
    if (request.url?.startsWith('/chain-rpc/') && asked++ === 0) response.writeHead(503).end()
    else tell()(request, response)
  })
  const { discovery, pauses } = createDiscovery(proving({ sourceUrl: url, retryCount: 1 }))
  expect((await discovery.discover()).epochId).toBe(7)
  expect(pauses).toHaveLength(1)
})

test('a chain that refuses for good is not asked again', async () => {
  const { url, paths } = await startServer((request, response) => {
    if (request.url?.startsWith('/chain-rpc/')) response.writeHead(403).end()
    else tell()(request, response)
  })
  const { discovery } = createDiscovery(proving({ sourceUrl: url, retryCount: 3 }))
  expect(await rejectionOf(discovery.discover())).toMatchObject({ code: 'discovery-failed', statusCode: 403 })
  expect(paths).toHaveLength(2)
})

test('the abort of the caller ends it, whatever is being fetched', async () => {
  const reason = new Error('enough')
  for (const path of ['/v1/', '/chain-rpc/commit', '/chain-rpc/validators']) {
    const controller = new AbortController()
    const { url } = await startServer((request, response) => {
      if (request.url?.startsWith(path)) controller.abort(reason)
      else tell()(request, response)
    })
    const { discovery } = createDiscovery(proving({ sourceUrl: url, trust: 'first-use' }))
    expect(await rejectionOf(discovery.discover({ signal: controller.signal }))).toBe(reason)
  }
})
