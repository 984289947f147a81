import { getEventListeners } from 'node:events'
import { expect, it, vi } from 'vitest'
import { startUpstream } from './fixtures/upstream.ts'
import { Router } from './index-router.ts'

const idsOf = async (response: Response): Promise<string[]> =>
  (await response.json()).data.map(({ id }: { id: string }) => id)

it("ends with the caller's abort while an upstream is silent, and keeps what is said later for the next call", async () => {
  let answer = (_: Response): void => {}
  const transport = vi.fn(() => new Promise<Response>((resolve) => (answer = resolve)))
  const router = new Router()
  router.addModel(transport, { modelName: 'slow' })
  const aborter = new AbortController()
  const first = router.fetch('/v1/models', { signal: aborter.signal }).catch((error) => error.message)
  await vi.waitFor(() => expect(transport).toHaveBeenCalledOnce(), { timeout: 15_000 })
  aborter.abort(new Error('changed my mind'))
  expect([await first, getEventListeners(aborter.signal, 'abort').length]).toEqual(['changed my mind', 0])
  answer(Response.json({ data: [{ id: 'm' }] }))
  expect(await idsOf(await router.fetch('/v1/models'))).toEqual(['m'])
  expect(transport).toHaveBeenCalledOnce()
})

it('gives an aborted caller no list', async () => {
  const signal = AbortSignal.abort(new Error('too late'))
  await expect(new Router().fetch('/v1/models', { signal })).rejects.toThrow('too late')
})

it('takes a list without end for none, before it fills the memory', async () => {
  let sentBytes = 0
  const endless = await startUpstream((_, response) => {
    const chunk = Buffer.alloc(1024 * 1024, ' ')
    const more = (): void => {
      if (response.destroyed) return
      sentBytes += chunk.length
      response.write(chunk, more)
    }
    more()
  })
  const router = new Router()
  router.addModel({ baseURL: endless.baseURL }, { modelName: 'endless' })
  router.addModel({ baseURL: endless.baseURL }, { modelName: 'known', models: ['m'] })
  expect(await idsOf(await router.fetch('/v1/models'))).toEqual(['m'])
  await vi.waitFor(() => expect(endless.openRequests()).toBe(0), { timeout: 15_000 })
  expect(sentBytes).toBeLessThan(64 * 1024 * 1024)
})
