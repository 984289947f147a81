import { type FaultName, startFaultServer } from '@multiplexer/fault-server'
import { APIUserAbortError } from 'openai'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { contentEvents, finishEvent, roleEvent, startUpstream, streaming } from './fixtures/upstream.ts'
import { type CommitMode, Multiplexer, StreamInterruptedError } from './index.ts'

const request = { model: 'm', messages: [{ role: 'user' as const, content: 'Hello' }] }
const LIMIT_MS = 100

async function startPrimary(fault: FaultName | 'ok') {
  const primary = await startFaultServer({ secondMs: 60_000, name: 'primary' })
  onTestFinished(() => primary.stop())
  const mux = new Multiplexer({ retry: { maxAttempts: 1 } })
  mux.addModel({ baseURL: primary.baseURL }, { modelName: 'p', aliases: { m: fault } })
  return { mux, primary }
}

type Primary = Awaited<ReturnType<typeof startPrimary>>

/** Ends a call early and returns the moment it did, in milliseconds. */
type EndEarly = (primary: Primary, signal: AbortSignal, abort: () => number) => Promise<number>

async function arrival({ primary }: Primary): Promise<void> {
  await vi.waitFor(() => expect(primary.attempts).toHaveLength(1), { timeout: 10_000, interval: 2 })
}

const abortPlain: EndEarly = async (started, signal, abort) => {
  const pending = started.mux.chat.completions.create(request, { signal }).catch((error) => error)
  await arrival(started)
  const endedMs = abort()
  expect(await pending).toBeInstanceOf(APIUserAbortError)
  return endedMs
}

const abortBeforeContent: EndEarly = async (started, signal, abort) => {
  const pending = started.mux.chat.completions.create({ ...request, stream: true }, { signal }).catch((error) => error)
  await arrival(started)
  const endedMs = abort()
  expect(await pending).toBeInstanceOf(APIUserAbortError)
  return endedMs
}

const abortAfterContent: EndEarly = async ({ mux }, signal, abort) => {
  let endedMs = 0
  for await (const _ of await mux.chat.completions.create({ ...request, stream: true }, { signal })) endedMs ||= abort()
  return endedMs
}

const breakOut: EndEarly = async ({ mux }) => {
  for await (const _ of await mux.chat.completions.create({ ...request, stream: true })) break
  return Date.now()
}

const cancelBody: EndEarly = async ({ mux }) => {
  const body = JSON.stringify({ ...request, stream: true })
  const response = await mux.fetch('/v1/chat/completions', { method: 'POST', body })
  const reader = response.body?.getReader()
  await reader?.read()
  await reader?.cancel()
  return Date.now()
}

describe('the upstream socket closes within 100 ms and the slot is free after', () => {
  it.each<[string, FaultName, EndEarly]>([
    ["the caller's abort of a call that got no answer", 'silence', abortPlain],
    ["the caller's abort in the middle of a body", 'stall-after-20', abortPlain],
    ["the caller's abort of a stream before its headers", 'silence', abortBeforeContent],
    ["the caller's abort of a stream before its content", 'role-only-then-silence', abortBeforeContent],
    ["the caller's abort of a running stream", 'stall-after-20', abortAfterContent],
    ['a break out of the loop', 'stall-after-20', breakOut],
    ['a cancelled body', 'stall-after-20', cancelBody],
  ])('%s', { timeout: 30_000 }, async (_, fault, endEarly) => {
    expect(await bestOfThree(() => measure(fault, endEarly))).toBeLessThanOrEqual(LIMIT_MS)
  })

  it.each<[string, string[], CommitMode]>([
    ['an error event', [JSON.stringify({ error: { message: 'x', code: 'server_error' } })], 'first-content'],
    ['an error event in a stream that is held', [JSON.stringify({ error: { message: 'x' } })], 'complete'],
    ['an event that is not JSON', ['{oops'], 'first-content'],
  ])('%s', { timeout: 30_000 }, async (_, late, commit) => {
    expect(await bestOfThree(() => measureUpstreamError(late, commit))).toBeLessThanOrEqual(LIMIT_MS)
  })
})

async function measure(fault: FaultName, endEarly: EndEarly): Promise<number> {
  const started = await startPrimary(fault)
  const aborter = new AbortController()
  const abort = (): number => {
    const atMs = Date.now()
    aborter.abort()
    return atMs
  }
  const endedMs = await endEarly(started, aborter.signal, abort)
  expect(started.mux.getStats()).toMatchObject({
    inFlight: 0,
    members: { p: { inFlight: 0, verdicts: { cancelled: 1 } } },
  })
  await vi.waitFor(() => expect(started.primary.attempts[0]?.closedAtMs).toBeDefined(), {
    timeout: 10_000,
    interval: 2,
  })
  return Number(started.primary.attempts[0]?.closedAtMs) - endedMs
}

/** The upstream says that it failed and keeps the connection open. */
async function measureUpstreamError(late: readonly string[], commit: CommitMode): Promise<number> {
  const upstream = await startUpstream(streaming([roleEvent, ...contentEvents('one two'), ...late], 'silence'))
  const mux = new Multiplexer({ commit, retry: { maxAttempts: 1 } })
  mux.addModel({ baseURL: upstream.baseURL }, { modelName: 'p', models: ['m'] })
  const read = async (): Promise<void> => {
    for await (const _ of await mux.chat.completions.create({ ...request, stream: true }));
  }
  await expect(read()).rejects.toBeInstanceOf(Error)
  const failedMs = Date.now()
  expect(mux.getStats()).toMatchObject({ inFlight: 0, members: { p: { inFlight: 0 } } })
  await vi.waitFor(() => expect(upstream.openRequests()).toBe(0), { timeout: 10_000, interval: 2 })
  return Date.now() - failedMs
}

/** The machine may be busy with something else; a socket that waits for anything waits three times. */
async function bestOfThree(measureOnce: () => Promise<number>): Promise<number> {
  const times = []
  while (times.length < 3 && !(Math.min(...times) <= LIMIT_MS)) times.push(await measureOnce())
  return Math.min(...times)
}

describe.each<CommitMode>(['first-content', 'complete'])("with commit: '%s'", (commit) => {
  it('an upstream that says [DONE] and then holds the connection has answered', async () => {
    const events = [roleEvent, ...contentEvents('one two'), finishEvent, '[DONE]']
    const upstream = await startUpstream(streaming(events, 'silence'))
    const mux = new Multiplexer({ commit, timeouts: { idleMs: 200 } })
    mux.addModel({ baseURL: upstream.baseURL }, { modelName: 'p', models: ['m'] })
    let text = ''
    for await (const chunk of await mux.chat.completions.create({ ...request, stream: true })) {
      text += chunk.choices[0]?.delta.content ?? ''
    }
    expect([text, mux.getStats().members.p?.verdicts]).toEqual(['one two', { ok: 1 }])
    await vi.waitFor(() => expect(upstream.openRequests()).toBe(0), { timeout: 10_000, interval: 2 })
  })

  it('an upstream that holds the connection without [DONE] has not', async () => {
    const upstream = await startUpstream(streaming([roleEvent, ...contentEvents('one two')], 'silence'))
    const mux = new Multiplexer({ commit, timeouts: { idleMs: 200 }, retry: { maxAttempts: 1 } })
    mux.addModel({ baseURL: upstream.baseURL }, { modelName: 'p', models: ['m'] })
    const read = async (): Promise<void> => {
      for await (const _ of await mux.chat.completions.create({ ...request, stream: true }));
    }
    const error = await read().catch((cause) => cause)
    expect(error.name).toBe(commit === 'complete' ? 'AllModelsFailedError' : 'StreamInterruptedError')
    if (error instanceof StreamInterruptedError) expect(error.partialText).toBe('one two')
    await vi.waitFor(() => expect(upstream.openRequests()).toBe(0), { timeout: 10_000, interval: 2 })
  })
})
