import { readFile } from 'node:fs/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { FAULT_NAMES, FAULTS, type FaultName, type FaultServerOptions, startFaultServer } from './index.ts'

async function start(options: FaultServerOptions = {}) {
  const server = await startFaultServer({ secondMs: 10, name: 'a', ...options })
  onTestFinished(() => server.stop())
  const ask = (model: string, more: object = {}, init: RequestInit = {}) =>
    fetch(`${server.baseURL}/chat/completions`, {
      method: 'POST',
      body: JSON.stringify({ model, messages: [], ...more }),
      redirect: 'manual',
      ...init,
    })
  return { server, ask }
}

/** The data of every event, and the text of their deltas. */
function readEvents(body: string): { events: string[]; text: string } {
  const events = body.split('\n\n').flatMap((event) => (event.startsWith('data: ') ? [event.slice(6)] : []))
  const text = events
    .flatMap((event) => (event === '[DONE]' ? [] : [JSON.parse(event).choices[0]?.delta.content ?? '']))
    .join('')
  return { events, text }
}

/** Reads until the body ends or breaks off. */
async function readAll(response: Response): Promise<{ body: string; broke: boolean }> {
  const decoder = new TextDecoder()
  let body = ''
  try {
    for await (const bytes of response.body ?? []) body += decoder.decode(bytes, { stream: true })
    return { body, broke: false }
  } catch {
    return { body, broke: true }
  }
}

describe('a healthy answer', () => {
  it('has the same text streamed and not, every token with the name of its server', async () => {
    const { server, ask } = await start()
    const whole = await (await ask('ok')).json()
    expect(whole.choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: server.text } })
    expect(whole.usage).toEqual({ prompt_tokens: 7, completion_tokens: 60, total_tokens: 67 })
    const { events, text } = readEvents(await (await ask('ok', { stream: true })).text())
    expect(text).toBe(server.text)
    expect(text).toMatch(/^a:0 a:1 .* a:59 $/)
    expect(events.at(-1)).toBe('[DONE]')
  })

  it('tells usage in a stream when asked to', async () => {
    const { ask } = await start()
    const response = await ask('ok', { stream: true, stream_options: { include_usage: true } })
    const { events } = readEvents(await response.text())
    expect(JSON.parse(events.at(-2) ?? '')).toMatchObject({ choices: [], usage: { completion_tokens: 60 } })
  })
})

describe('faults', () => {
  const statuses: Partial<Record<FaultName, number>> = {
    'rate-limited-2s': 429,
    'rate-limited-forever': 429,
    'retry-after-huge': 429,
    'error-500-once': 500,
    'unavailable-forever': 503,
    flapping: 503,
    'html-502': 502,
    'html-503': 503,
    'context-length': 400,
    'content-policy': 400,
    unauthorized: 401,
    'model-missing': 404,
    redirect: 302,
    'error-body-200': 200,
  }

  it.each(Object.entries(statuses))('%s answers %i, streamed or not', async (model, status) => {
    for (const stream of [false, true]) {
      const { ask } = await start()
      expect((await ask(model, { stream })).status).toBe(status)
    }
  })

  it('a rate limit of two seconds ends after two scaled seconds', async () => {
    const { ask } = await start({ secondMs: 10 })
    const first = await ask('rate-limited-2s')
    expect([first.status, first.headers.get('retry-after')]).toEqual([429, '0.02'])
    await expect.poll(async () => (await ask('rate-limited-2s')).status).toBe(200)
  })

  it('an upstream fails once, another until it is taken up', async () => {
    const { server, ask } = await start()
    expect([(await ask('error-500-once')).status, (await ask('error-500-once')).status]).toEqual([500, 200])
    server.setDown(false)
    expect((await ask('flapping')).status).toBe(200)
    server.reset()
    expect([(await ask('error-500-once')).status, (await ask('flapping')).status]).toEqual([500, 503])
    expect(server.attempts).toHaveLength(2)
  })

  it('streams break off where they say, with what came before', async () => {
    const { server, ask } = await start()
    const { body, broke } = await readAll(await ask('cut-after-40', { stream: true }))
    expect([readEvents(body).text, broke]).toEqual([server.textOf(40), true])
    const json = await readAll(await ask('cut-after-40'))
    expect(json).toMatchObject({ broke: true, body: expect.stringContaining('a:39 ') })
    expect(json.body).not.toContain('a:40 ')
  })

  it('a connection is reset before any header', async () => {
    const { ask } = await start()
    await expect(ask('reset-before-headers')).rejects.toThrow()
  })

  it('a content-length promises more than comes, though the stream is whole', async () => {
    const { server, ask } = await start()
    const { body, broke } = await readAll(await ask('lying-content-length', { stream: true }))
    expect([readEvents(body).text, broke]).toEqual([server.text, true])
  })

  it('streams end cleanly and are not whole', async () => {
    const { server, ask } = await start()
    const unfinished = readEvents(await (await ask('no-finish-reason', { stream: true })).text())
    expect([unfinished.text, unfinished.events.at(-1)]).toEqual([server.textOf(40), '[DONE]'])
    expect(unfinished.events.join('')).not.toContain('"finish_reason":"stop"')
    const cut = await readAll(await ask('truncated-json', { stream: true }))
    expect(cut.broke).toBe(false)
    expect(() => readEvents(`${cut.body}\n\n`)).toThrow(SyntaxError)
    const json = await (await ask('truncated-json')).text()
    expect(json).toMatch(/\}$/)
    expect(() => JSON.parse(json)).toThrow(SyntaxError)
  })

  it('errors hide in successful answers', async () => {
    const { ask } = await start()
    expect(await (await ask('error-body-200', { stream: true })).json()).toHaveProperty('error.code', 'server_error')
    const first = await (await ask('first-event-error', { stream: true })).text()
    expect(first).toMatch(/^data: \{"error"/)
    const late = await (await ask('late-error-event', { stream: true })).text()
    expect(late.indexOf('"error"')).toBeGreaterThan(late.indexOf('a:19 '))
    expect(await (await ask('late-error-event')).json()).toHaveProperty('error.code', 'server_error')
  })

  it('one event is huge', async () => {
    const { server, ask } = await start()
    const { events, text } = readEvents(await (await ask('huge-event', { stream: true })).text())
    expect(text === server.hugeText).toBe(true)
    expect(Math.max(...events.map((event) => event.length))).toBeGreaterThan(10_000_000)
  })

  it.each(['silence', 'headers-then-silence', 'role-only-then-silence', 'stall-after-20', 'slow-first-token'])(
    '%s holds the client until it gives up, and notes when that was',
    async (model) => {
      for (const stream of [true, false]) {
        const { server, ask } = await start({ secondMs: 60_000 })
        const aborter = new AbortController()
        const pending = ask(model, { stream }, { signal: aborter.signal }).then(readAll)
        await expect.poll(() => server.attemptsOf(model).length).toBe(1)
        expect(server.attemptsOf(model)[0]).toMatchObject({
          streamed: stream,
          finished: false,
          open: true,
          closedAtMs: undefined,
        })
        const abortedMs = Date.now()
        aborter.abort()
        await pending.catch(() => {})
        await expect.poll(() => server.attemptsOf(model)[0]?.closedAtMs).toBeGreaterThanOrEqual(abortedMs)
      }
    },
  )

  it('a slow first token comes in the end', async () => {
    const { server, ask } = await start({ secondMs: 1 })
    expect(readEvents(await (await ask('slow-first-token', { stream: true })).text()).text).toBe(server.text)
  })
})

describe('the log', () => {
  it('tells each request with its body and whether the answer was handed over', async () => {
    const { server, ask } = await start()
    await (await ask('ok', { marker: 1 })).text()
    await readAll(await ask('cut-after-40', { stream: true }))
    await expect.poll(() => server.attempts.filter(({ open }) => open)).toEqual([])
    expect(server.attemptsOf('ok')).toMatchObject([
      { path: '/v1/chat/completions', streamed: false, finished: true, open: false, closedAtMs: undefined },
    ])
    expect(JSON.parse(server.attemptsOf('ok')[0]?.bodyText ?? '')).toMatchObject({ marker: 1 })
    expect(server.attemptsOf('cut-after-40')).toMatchObject([{ finished: false, open: false, closedAtMs: undefined }])
  })

  it('shows who follows a redirect', async () => {
    const { server, ask } = await start()
    await ask('redirect')
    expect(server.attempts.map(({ path }) => path)).toEqual(['/v1/chat/completions'])
    await ask('redirect', {}, { redirect: 'follow' })
    expect(server.attempts.at(-1)?.path).toBe('/v1/redirected')
  })
})

describe('the server', () => {
  it('refuses what it does not know and survives bodies that are not JSON', async () => {
    const { server, ask } = await start()
    expect((await ask('no-such-fault')).status).toBe(404)
    const response = await fetch(`${server.baseURL}/chat/completions`, { method: 'POST', body: '{oops' })
    expect(await response.json()).toHaveProperty('error.code', 'unknown_fault')
  })

  it('lists its models', async () => {
    const { server } = await start()
    const { data } = await (await fetch(`${server.baseURL}/models`)).json()
    expect(data.map(({ id }: { id: string }) => id)).toEqual(['ok', ...FAULT_NAMES])
  })

  it('names the option that is out of range', async () => {
    await expect(startFaultServer({ secondMs: 0 })).rejects.toThrow('secondMs must be a number > 0; got 0.')
    await expect(startFaultServer({ tokens: 5 })).rejects.toThrow('tokens must be a number >= 60; got 5.')
  })

  it('stops while clients wait', async () => {
    const server = await startFaultServer({ name: 'a' })
    const pending = fetch(`${server.baseURL}/chat/completions`, { method: 'POST', body: '{"model":"silence"}' })
    await expect.poll(() => server.attempts.length).toBe(1)
    await server[Symbol.asyncDispose]()
    await expect(pending).rejects.toThrow()
  })
})

it('every fault stands in the README with its description', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
  for (const [name, description] of Object.entries(FAULTS)) expect(readme).toContain(`| \`${name}\` | ${description} |`)
})
