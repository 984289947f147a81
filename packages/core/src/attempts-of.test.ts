import { expect, it } from 'vitest'
import { chat } from './fixtures/start-pair.ts'
import { attemptsOf, Router } from './index-router.ts'

it('tells of the attempts that a call made before it found the line full', async () => {
  const router = new Router({ queue: { maxLength: 0 } })
  router.addModel(async () => new Response('{}', { status: 500 }), { modelName: 'failing' })
  router.addFallbackModel(() => new Promise<never>(() => {}), { modelName: 'busy', maxConcurrent: 1 })
  void chat(router, { model: 'busy' })
  const turnedAway = await chat(router, { model: 'auto' })
  expect(turnedAway.headers.get('x-multiplexer-error')).toBe('queue-full')
  expect(attemptsOf(turnedAway)).toMatchObject([{ member: 'failing', status: 500 }])
})
