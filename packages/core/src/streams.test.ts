import { describe, expect, it } from 'vitest'
import { chat, startPair, textOf } from './fixtures/start-pair.ts'
import {
  answering,
  contentEvents,
  finishEvent,
  roleEvent,
  type Script,
  streaming,
  streamingInTwo,
} from './fixtures/upstream.ts'
import { attemptsOf } from './index-router.ts'

describe('streams', () => {
  it('holds the slot until the stream has ended', async () => {
    const { router } = await startPair(answering('primary'))
    const response = await chat(router, { stream: true })
    expect(router.getStats().members.primary).toMatchObject({ inFlight: 1, verdicts: {} })
    expect(await textOf(response)).toBe('primary as m')
    expect(router.getStats().members.primary).toMatchObject({ inFlight: 0, verdicts: { ok: 1 } })
    expect(attemptsOf(response)).toHaveLength(1)
  })

  const early: [string, Script][] = [
    ['a cut before any content', streaming([roleEvent], 'reset')],
    ['an end before any content', streaming([roleEvent])],
    ['an error as the first event', streaming([JSON.stringify({ error: { message: 'overloaded' } })])],
    ['an event that is not JSON', streaming(['{"choices":'])],
    ['headers, then silence', streaming([], 'silence')],
    ['role-only frames, then silence', streaming([roleEvent, roleEvent], 'silence')],
  ]
  it.each(early)('fails over freely after %s', async (_, script) => {
    const { router } = await startPair(script, { router: { timeouts: { firstContentMs: 50 } } })
    expect(await textOf(await chat(router, { stream: true }))).toBe('fallback as m')
  })

  it('returns a refusal of the request itself, sent as the first event, and asks nobody else', async () => {
    const refusal = JSON.stringify({ error: { message: 'flagged', code: 'content_policy_violation' } })
    const { router, fallback } = await startPair(streaming([refusal]))
    const response = await chat(router, { stream: true })
    expect([response.status, await response.text()]).toEqual([200, `data: ${refusal}\n\n`])
    expect(fallback.seen).toHaveLength(0)
    expect(router.getStats().members.primary?.verdicts).toEqual({ 'invalid-request': 1 })
  })

  const half = contentEvents('one two three')
  const late: [string, Script][] = [
    ['a cut', streaming(half, 'reset')],
    ['an end without finish_reason', streaming([...half, '[DONE]'])],
    ['a stall', streaming(half, 'silence')],
  ]
  it.each(late)(
    'reports %s after content with the text that came, and never glues another answer to it',
    async (_, script) => {
      const { router, fallback } = await startPair(script, { router: { timeouts: { idleMs: 50 } } })
      const response = await chat(router, { stream: true })
      const error = await response.text().catch((cause) => cause)
      expect(error).toMatchObject({
        name: 'StreamInterruptedError',
        code: 'stream-interrupted',
        member: 'primary',
        partialText: 'one two three',
      })
      expect(attemptsOf(error)).toMatchObject([{ member: 'primary', verdict: { kind: 'interrupted' } }])
      expect(fallback.seen).toHaveLength(0)
      expect(router.getStats()).toMatchObject({ inFlight: 0, outcomes: { 'stream-interrupted': 1 } })
    },
  )

  it.each(late)("makes %s good with the fallback's whole answer when the commit is 'complete'", async (_, script) => {
    const { router } = await startPair(script, { router: { commit: 'complete', timeouts: { idleMs: 50 } } })
    expect(await textOf(await chat(router, { stream: true }))).toBe('fallback as m')
  })

  it('reports an error event after content has been delivered', async () => {
    let open: (value?: unknown) => void = () => {}
    const gate = new Promise((resolve) => {
      open = resolve
    })
    const { router } = await startPair(streamingInTwo(half, gate, [JSON.stringify({ error: { message: 'gone' } })]))
    const response = await chat(router, { stream: true })
    open()
    await expect(response.text()).rejects.toMatchObject({ code: 'stream-interrupted', partialText: 'one two three' })
  })

  it('takes a finished answer without [DONE], and one without any content, as complete', async () => {
    const { router, primary } = await startPair(streaming([...half, finishEvent]))
    expect(await textOf(await chat(router, { stream: true }))).toBe('one two three')
    primary.script = streaming([roleEvent, finishEvent, '[DONE]'])
    expect(await textOf(await chat(router, { stream: true }))).toBe('')
    expect(router.getStats().members.primary?.verdicts).toEqual({ ok: 2 })
  })

  it('lets content through before the stream ends', async () => {
    const { router } = await startPair(streaming(half, 'silence'))
    const response = await chat(router, { stream: true })
    const reader = response.body?.getReader()
    const first = await reader?.read()
    expect(new TextDecoder().decode(first?.value)).toContain('one ')
    await reader?.cancel()
  })
})
