import { expect, it, onTestFinished, vi } from 'vitest'
import type { AttemptTrace } from './index-router.ts'
import { Router, type RouterOptions } from './index-router.ts'

const reject = async (): Promise<never> => {
  throw new Error('rejected by a function of the caller')
}
const attemptTrace: AttemptTrace = { run: (send) => send(), end: reject }
const asyncRun = async (send: () => unknown): Promise<unknown> => await send()

const hosts: [string, RouterOptions, object][] = [
  ['a logger', { logger: { debug: reject, info: reject, warn: reject, error: reject } }, {}],
  ['the end of a trace', { tracer: { startCall: () => ({ startAttempt: () => attemptTrace, end: reject }) } }, {}],
  [
    'an asynchronous run around a transport that fails',
    { tracer: { startCall: () => ({ startAttempt: () => ({ run: asyncRun as never, end: reject }), end: reject }) } },
    {},
  ],
  ['a verdict row', {}, { classify: reject }],
]
it.each(hosts)('loses neither the call nor the process when %s rejects', async (_, options, member) => {
  const unhandled = vi.fn()
  process.on('unhandledRejection', unhandled)
  onTestFinished(() => void process.off('unhandledRejection', unhandled))
  const router = new Router({ retry: { sameMember: 0 }, ...options })
  router.addModel(async () => Promise.reject(new TypeError('fetch failed')), { modelName: 'broken', ...member })
  router.addFallbackModel(async () => Response.json({ choices: [] }), { modelName: 'whole' })
  const response = await router.fetch('/v1/chat/completions', { method: 'POST', body: '{}' })
  await new Promise((resolve) => setImmediate(resolve))
  expect([response.status, unhandled.mock.calls]).toEqual([200, []])
})
