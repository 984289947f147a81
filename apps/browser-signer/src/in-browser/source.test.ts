import { fileURLToPath } from 'node:url'
import { type Devnet, startDevnet } from '@gonka/devnet'
import type { Router } from '@multiplexer/core/router'
import type { registerGonkaModels } from '@multiplexer/gonka'
import { build, type Rolldown } from 'vite'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { launchBrowser } from '../fixtures/launch-browser.ts'
import { startCorsProxy } from '../fixtures/start-cors-proxy.ts'
import { startServer } from '../fixtures/start-server.ts'

type Exposed = { gonka: { registerGonkaModels: typeof registerGonkaModels; Router: typeof Router } }

interface Registered {
  readonly modelsRegistered?: number
  readonly name?: string
  readonly code?: string
  readonly message?: string
}

const openPage = launchBrowser()
let script = ''

beforeAll(async () => {
  const entry = fileURLToPath(new URL('../fixtures/expose-gonka.ts', import.meta.url))
  const lib = { entry, formats: ['iife' as const], name: 'gonkaPage' }
  const built = await build({ configFile: false, logLevel: 'silent', build: { write: false, lib } })
  const [output] = built as Rolldown.RolldownOutput[]
  script = output?.output[0].code ?? ''
})

/** Registers the participants of a source, in a page of another origin. */
async function registerInPage(sourceUrl: string, { account }: Devnet): Promise<Registered> {
  const server = await startServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>A page</title>')
  })
  onTestFinished(() => server[Symbol.asyncDispose]())
  const { page } = await openPage(server.url)
  await page.addScriptTag({ content: script })
  const settings = { sourceUrl, privateKey: account.privateKey }
  return page.evaluate(async ({ sourceUrl, privateKey }) => {
    const { gonka } = globalThis as unknown as Exposed
    const discovery = { retryCount: 0 }
    const options = { sourceUrl, privateKey, discovery, allowPrivateHosts: true, refreshEnabled: false }
    return gonka.registerGonkaModels(new gonka.Router(), options).then(
      ({ modelsRegistered }) => ({ modelsRegistered }),
      ({ name, code, message }) => ({ name, code, message }),
    )
  }, settings)
}

async function startNetwork(): Promise<Devnet> {
  const devnet = await startDevnet({ participants: 3 })
  onTestFinished(() => devnet.stop())
  return devnet
}

test('a source that does not allow the page is an error that names CORS and the cure', async () => {
  const devnet = await startNetwork()
  const { name, code, message } = await registerInPage(devnet.url, devnet)
  expect({ name, code }).toEqual({ name: 'GonkaDiscoveryError', code: 'discovery-failed' })
  expect(message).toContain(devnet.url)
  expect(message).toContain('does not allow the page (CORS)')
  expect(message).toContain('use a sourceUrl that answers with Access-Control-Allow-Origin')
})

test('the cure works: behind a proxy that allows the page, the same source is used', async () => {
  const devnet = await startNetwork()
  const proxy = await startCorsProxy(devnet.url)
  onTestFinished(() => proxy[Symbol.asyncDispose]())
  expect(await registerInPage(proxy.url, devnet)).toEqual({ modelsRegistered: 3 })
})
