import { type Devnet, startDevnet } from '@gonka/devnet'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { launchBrowser } from '../fixtures/launch-browser.ts'
import { piecesIn, readPageState } from '../fixtures/read-page-state.ts'
import { serveApp } from '../fixtures/serve-app.ts'
import { startCorsProxy } from '../fixtures/start-cors-proxy.ts'
import { closedUrl, startServer, type TestServer } from '../fixtures/start-server.ts'

const DEAD_KEY = 'gk-dead-5ec4e70ff1ce'
const ECHO_KEY = 'gk-echo-c0ffee5ec4e7'

let app: TestServer
let gateway: Devnet
let living: TestServer
const openPage = launchBrowser()

beforeAll(async () => {
  gateway = await startDevnet({ participants: 1, mode: 'gateway', tokenDelayMs: 5 })
  living = await startCorsProxy(gateway.url)
  app = await serveApp()
})
afterAll(async () => {
  await living[Symbol.asyncDispose]()
  await gateway.stop()
  await app[Symbol.asyncDispose]()
})

interface Typed {
  readonly url: string
  readonly apiKey: string
  readonly weight?: string
}

const theLiving = (): Typed => ({ url: `${living.url}/v1`, apiKey: gateway.apiKey })

async function type(page: Page, brokers: readonly Typed[]): Promise<void> {
  for (const [index, { url, apiKey, weight = '1' }] of brokers.entries()) {
    const row = page.getByRole('group', { name: `Broker ${index + 1}` })
    await row.getByLabel('Base URL').fill(url)
    await row.getByLabel('API key').fill(apiKey)
    await row.getByLabel('Weight').fill(weight)
  }
  await page.getByRole('button', { name: 'Connect' }).click()
}

async function connect(page: Page, brokers: readonly Typed[]): Promise<void> {
  await type(page, brokers)
  await page.locator('#connected').waitFor()
}

/** Sends a message and waits until it is answered or given up. */
async function send(page: Page, text = 'Hello'): Promise<void> {
  await page.getByLabel('Message', { exact: true }).fill(text)
  await page.getByRole('button', { name: 'Send' }).click()
  await page.locator('#send:enabled').waitFor()
}

const rowsOf = (page: Page, id: string): Promise<string[][]> =>
  page
    .locator(`#${id} tr`)
    .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => `${cell.textContent}`)))

const hostOf = (url: string): string => new URL(url).host

test('a dead broker is left for a living one, the text streams in, and the page shows who answered', async () => {
  const { page } = await openPage(`${app.url}/chat.html`)
  const deadUrl = await closedUrl()
  await connect(page, [{ url: deadUrl, apiKey: DEAD_KEY, weight: '1000000000' }, theLiving()])
  expect(await page.locator('#members li').allTextContents()).toEqual([
    `${hostOf(deadUrl)}did not list its models; name one below`,
    `${hostOf(living.url)}sim/model-a`,
  ])
  await page.getByLabel('Model').fill('sim/model-a')
  await page.evaluate(() => {
    const answer = document.getElementById('answer') as HTMLElement
    const lengths: number[] = []
    new MutationObserver(() => lengths.push(answer.textContent?.length ?? 0)).observe(answer, { childList: true })
    Object.assign(globalThis, { lengths })
  })
  await send(page, 'Say hello.')
  const lengths = await page.evaluate(() => (globalThis as unknown as { lengths: number[] }).lengths)
  expect(new Set(lengths).size).toBeGreaterThan(3)
  const answer = (await page.locator('#answer').textContent()) ?? ''
  expect(answer.length).toBe(lengths.at(-1))
  expect(await page.locator('#chat-status').textContent()).toBe(`Answered by ${hostOf(living.url)}, attempt 2.`)
  expect(await rowsOf(page, 'attempts')).toEqual([
    [hostOf(deadUrl), 'unavailable', '–', expect.stringMatching(/^\d+ ms$/), expect.any(String)],
    [hostOf(living.url), 'ok', '200', expect.stringMatching(/^\d+ ms$/), ''],
  ])
  expect(await page.locator('#cors-hint').isVisible()).toBe(true)
  expect(await rowsOf(page, 'stats')).toEqual([
    [hostOf(deadUrl), '1000000000', '1', '0', '–', expect.any(String)],
    [hostOf(living.url), '1', '1', '1', expect.stringMatching(/^\d+ ms$/), 'in use'],
  ])
  expect(await page.locator('#totals').textContent()).toBe('Messages: ok 1. Failovers: 1.')
})

test('each key goes to its own broker and is nowhere else', async () => {
  const seen: string[] = []
  const other = await startServer((request, response) => {
    seen.push(`${request.method} ${request.url} ${request.rawHeaders.join(' ')}`)
    const cors = { 'access-control-allow-origin': '*', 'access-control-allow-headers': 'authorization, content-type' }
    response.writeHead(request.method === 'OPTIONS' ? 204 : 503, cors).end()
  })
  onTestFinished(() => other[Symbol.asyncDispose]())
  const { page, traces } = await openPage(`${app.url}/chat.html`)
  await connect(page, [{ url: other.url, apiKey: DEAD_KEY, weight: '1000000000' }, theLiving()])
  await send(page)
  expect(await page.locator('#chat-status').textContent()).toContain(`Answered by ${hostOf(living.url)}`)
  expect(seen.join('\n')).toContain(`Bearer ${DEAD_KEY}`)
  expect(piecesIn(seen.join('\n'), gateway.apiKey)).toEqual([])
  const state = await readPageState(page)
  for (const key of [DEAD_KEY, gateway.apiKey]) expect(piecesIn(state, key)).toEqual([])
  for (const trace of traces) {
    if (!trace.startsWith(other.url)) expect(piecesIn(trace, DEAD_KEY)).toEqual([])
    if (!trace.startsWith(living.url)) expect(piecesIn(trace, gateway.apiKey)).toEqual([])
  }
})

test('a broker that repeats the key it was sent does not bring it into the page', async () => {
  const echo = await startServer((request, response) => {
    const cors = { 'access-control-allow-origin': '*', 'access-control-allow-headers': 'authorization, content-type' }
    const isAsked = request.method === 'POST'
    response.writeHead(isAsked ? 422 : 204, { ...cors, 'content-type': 'application/json' })
    response.end(isAsked ? JSON.stringify({ error: { message: `refused: ${request.headers.authorization}` } }) : '')
  })
  onTestFinished(() => echo[Symbol.asyncDispose]())
  const { page, traces } = await openPage(`${app.url}/chat.html`)
  await connect(page, [{ url: echo.url, apiKey: ECHO_KEY }])
  await page.getByLabel('Model').fill('sim/model-a')
  await send(page)
  expect(await page.locator('#chat-error').textContent()).toContain('The broker refused the request (HTTP 422)')
  expect(piecesIn(await readPageState(page), ECHO_KEY)).toEqual([])
  expect(piecesIn(traces.filter((trace) => !trace.startsWith(echo.url)).join('\n'), ECHO_KEY)).toEqual([])
})

test('when every broker is dead, the page says so and what may be the cure', async () => {
  const { page } = await openPage(`${app.url}/chat.html`)
  await connect(page, [{ url: await closedUrl(), apiKey: DEAD_KEY }])
  await send(page)
  expect(await page.locator('#chat-error').textContent()).toBe('The brokers did not list their models: name one.')
  await page.getByLabel('Model').fill('sim/model-a')
  await send(page)
  expect(await page.locator('#chat-status').textContent()).toBe('Not answered.')
  expect(await page.locator('#chat-error').textContent()).toMatch(/failed/)
  expect(await page.locator('#cors-hint').isVisible()).toBe(true)
})

test('an answer can be stopped', async () => {
  const slow = await startDevnet({ participants: 1, mode: 'gateway', tokenDelayMs: 60_000 })
  onTestFinished(() => slow.stop())
  const proxy = await startCorsProxy(slow.url)
  onTestFinished(() => proxy[Symbol.asyncDispose]())
  const { page } = await openPage(`${app.url}/chat.html`)
  await connect(page, [{ url: `${proxy.url}/v1`, apiKey: slow.apiKey }])
  await page.getByRole('button', { name: 'Send' }).click()
  await page.getByRole('button', { name: 'Stop' }).click()
  await page.locator('#send:enabled').waitFor()
  expect(await page.locator('#chat-error').textContent()).toBe('Stopped.')
})

describe('brokers that are wrong', () => {
  test.each<[string, string, Partial<Typed>, RegExp]>([
    ['URL', 'Base URL', { url: 'api.broker.example/v1' }, /^brokers\[1\]\.url must be an http or https URL/],
    ['URL with credentials', 'Base URL', { url: `https://user:${ECHO_KEY}@a.example` }, /carries credentials/],
    ['key', 'API key', { apiKey: '' }, /^brokers\[1\]\.apiKey must be the broker's key/],
    ['key with a space', 'API key', { apiKey: `a ${ECHO_KEY}` }, /^brokers\[1\]\.apiKey must be/],
    ['weight', 'Weight', { weight: 'heavy' }, /^brokers\[1\]\.weight must be a number from 0 to/],
    ['broker twice', 'Base URL', { url: 'http://127.0.0.1:9/v1' }, /^brokers\[1\]\.name must differ/],
  ])('%s: the error is at the field', async (...row) => {
    const [, label, change, message] = row
    const { page, traces } = await openPage(`${app.url}/chat.html`)
    const first = { url: 'http://127.0.0.1:9', apiKey: 'gk-1' }
    await type(page, [first, { url: 'http://127.0.0.1:10', apiKey: 'gk-2', ...change }])
    const field = page.getByRole('group', { name: 'Broker 2' }).getByLabel(label)
    await page.locator('[aria-invalid="true"]').waitFor()
    expect(await field.getAttribute('aria-invalid')).toBe('true')
    const shown = await page.locator(`[id="${await field.getAttribute('aria-describedby')}"]`).textContent()
    expect(shown).toMatch(message)
    expect(piecesIn((await page.content()) + traces.join(), ECHO_KEY)).toEqual([])
    expect(await page.getByRole('button', { name: 'Send' }).isDisabled()).toBe(true)
  })

  test('none at all', async () => {
    const { page } = await openPage(`${app.url}/chat.html`)
    await page.getByRole('button', { name: 'Connect' }).click()
    expect(await page.locator('#brokers-error').textContent()).toBe(
      'brokers is empty: enter a base URL and an API key.',
    )
  })

  test('rows can be added and removed, and keep their numbers', async () => {
    const { page } = await openPage(`${app.url}/chat.html`)
    await page.getByRole('button', { name: 'Add a broker' }).click()
    expect(await page.locator('#rows legend span').allTextContents()).toEqual(['Broker 1', 'Broker 2', 'Broker 3'])
    await page.getByRole('button', { name: 'Remove' }).first().click()
    expect(await page.locator('#rows legend span').allTextContents()).toEqual(['Broker 1', 'Broker 2'])
  })

  test('the keyboard is enough: what disappears or rests passes the focus on', async () => {
    const { page } = await openPage(`${app.url}/chat.html`)
    const focused = (): Promise<string> =>
      page.evaluate(() => document.activeElement?.id || `${(document.activeElement as HTMLElement).dataset.field}`)
    await page.getByRole('button', { name: 'Remove' }).last().press('Enter')
    expect(await focused()).toBe('add')
    await page.keyboard.press('Enter')
    expect(await focused()).toBe('url')
    await page.getByRole('button', { name: 'Connect' }).press('Enter')
    expect(await focused()).toBe('connect')
    await connect(page, [theLiving()])
    expect(await focused()).toBe('message')
    await page.getByRole('button', { name: 'Send' }).press('Enter')
    await page.getByText('Answered by').waitFor()
    await expect.poll(focused).toBe('send')
    await page.getByRole('button', { name: 'Forget brokers and keys' }).press('Enter')
    expect(await focused()).toBe('url')
  })

  test('on a narrow page, the answer comes into view', async () => {
    const { page } = await openPage(`${app.url}/chat.html`, { viewport: { width: 360, height: 640 } })
    await connect(page, [theLiving()])
    await send(page)
    const box = await page.locator('#answer').boundingBox()
    expect([box!.y >= 0, box!.y + box!.height <= 640]).toEqual([true, true])
  })

  test('forgotten brokers are asked for nothing more', async () => {
    const { page } = await openPage(`${app.url}/chat.html`)
    await connect(page, [theLiving()])
    await page.getByRole('button', { name: 'Forget brokers and keys' }).click()
    expect(await page.getByRole('button', { name: 'Send' }).isDisabled()).toBe(true)
    expect(await page.getByRole('group', { name: 'Broker 1' }).getByLabel('API key').inputValue()).toBe('')
  })
})
