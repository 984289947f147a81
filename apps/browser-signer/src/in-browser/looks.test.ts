import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Devnet, startDevnet } from '@gonka/devnet'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findContrastFlaws } from '../fixtures/find-contrast-flaws.ts'
import { findLayoutFlaws } from '../fixtures/find-layout-flaws.ts'
import { launchBrowser } from '../fixtures/launch-browser.ts'
import { readPixels } from '../fixtures/read-pixels.ts'
import { serveApp } from '../fixtures/serve-app.ts'
import { startCorsProxy } from '../fixtures/start-cors-proxy.ts'
import { closedUrl, type TestServer } from '../fixtures/start-server.ts'

/** Where to put pictures for people to look at; none are kept without it. */
const { SCREENSHOT_DIR } = process.env

let app: TestServer
let gateway: Devnet
let broker: TestServer
const openPage = launchBrowser()

beforeAll(async () => {
  gateway = await startDevnet({ participants: 1, mode: 'gateway', models: ['Qwen/Qwen3-235B-A22B-Instruct-2507-FP8'] })
  broker = await startCorsProxy(gateway.url)
  app = await serveApp()
})
afterAll(async () => {
  await broker[Symbol.asyncDispose]()
  await gateway.stop()
  await app[Symbol.asyncDispose]()
})

async function signSomething(page: Page): Promise<void> {
  await page.getByLabel('Private key').fill(gateway.account.privateKey)
  await page.getByLabel('Transfer address').fill(gateway.node(0).address)
  await page.getByLabel('Node URL').fill('http://node1.example:8000')
  await page.getByRole('button', { name: 'Sign', exact: true }).click()
  await page.locator('#curl').waitFor()
}

async function failToSign(page: Page): Promise<void> {
  await page.getByLabel('Private key').fill('hunter2')
  await page.getByRole('button', { name: 'Sign', exact: true }).click()
  await page.locator('[aria-invalid="true"]').first().waitFor()
}

async function connectBrokers(page: Page): Promise<void> {
  const [first, second] = [page.getByRole('group', { name: 'Broker 1' }), page.getByRole('group', { name: 'Broker 2' })]
  await first.getByLabel('Base URL').fill(await closedUrl())
  await first.getByLabel('API key').fill('gk-dead')
  await first.getByLabel('Weight').fill('3')
  await second.getByLabel('Base URL').fill(`${broker.url}/v1`)
  await second.getByLabel('API key').fill(gateway.apiKey)
}

async function chat(page: Page): Promise<void> {
  // The dead broker first, so that there is an attempt of each kind.
  await page.evaluate(() => {
    Math.random = () => 0
  })
  await connectBrokers(page)
  await page.getByRole('button', { name: 'Connect' }).click()
  await page.getByLabel('Model').fill('Qwen/Qwen3-235B-A22B-Instruct-2507-FP8')
  await page.getByRole('button', { name: 'Send' }).click()
  await page.locator('#send:enabled').waitFor()
  await page.getByText('Answered by').waitFor()
}

const STATES: readonly [name: string, path: string, reach: (page: Page) => Promise<void>, texts: readonly string[]][] =
  [
    ['signed', 'index.html', signSomething, ['Signed request', 'X-Requester-Address', 'Copy curl line', 'once']],
    ['not-signed', 'index.html', failToSign, ['privateKey must be 64 hex digits', 'Not signed']],
    ['brokers', 'chat.html', connectBrokers, ['Chat through brokers', 'Add a broker', 'Connect']],
    ['answered', 'chat.html', chat, ['Answered by', 'Attempts', 'Statistics', 'unavailable']],
  ]

test('flaws are found', async () => {
  const { page } = await openPage('about:blank', { viewport: { width: 360, height: 640 } })
  await page.setContent(`<p style="width: 400px">wide</p><p style="color: #999">pale</p><input id="nameless">
    <button style="padding: 0; font-size: 8px">x</button>`)
  expect(await findLayoutFlaws(page)).toEqual([
    expect.stringContaining('scrolls sideways: HTML'),
    'sticks out: P  wide',
    'no name: INPUT nameless ',
    expect.stringContaining('too small: INPUT nameless'),
    'too small: BUTTON  x',
  ])
  expect(await findContrastFlaws(page)).toEqual(['contrast 2.85: P  pale'])
})

describe.each([360, 1280])('%i pixels wide', (width) => {
  describe.each(['light', 'dark'] as const)('%s', (colorScheme) => {
    test.each(STATES)('%s is readable', async (...[name, path, reach, texts]) => {
      const { page } = await openPage(`${app.url}/${path}`, { colorScheme, viewport: { width, height: 800 } })
      await reach(page)
      expect([await findLayoutFlaws(page), await findContrastFlaws(page)]).toEqual([[], []])
      for (const text of texts) {
        const box = await page.getByText(text).first().boundingBox()
        expect(box, text).toBeTruthy()
        expect(box!.width * box!.height, text).toBeGreaterThan(100)
      }
      await page.evaluate(() => (document.activeElement as HTMLElement).blur())
      const png = await page.screenshot({ fullPage: true })
      if (SCREENSHOT_DIR) await writeFile(join(SCREENSHOT_DIR, `${name}-${width}-${colorScheme}.png`), png)
      const blank = await openPage('about:blank')
      const pixels = await readPixels(blank.page, png)
      expect(pixels).toMatchObject({ width })
      expect(pixels.height).toBeGreaterThan(600)
      expect(pixels.colours).toBeGreaterThan(100)
      expect(pixels.commonShare).toBeLessThan(0.9)
      if (colorScheme === 'dark') expect(pixels.brightness).toBeLessThan(0.2)
      else expect(pixels.brightness).toBeGreaterThan(0.9)
    })
  })
})
