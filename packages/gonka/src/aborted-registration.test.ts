import { Router } from '@multiplexer/core/router'
import { expect, test } from 'vitest'
import { names, start } from './fixtures/register-kit.ts'
import { createMemoryParticipantStore } from './index.ts'
import { registerGonkaModels } from './register-gonka-models.ts'
import type { RegisterGonkaModelsOptions } from './types.ts'

/** Ports that tell of each wait, before it begins and after it ends. */
function watchPorts(onWait: () => void): RegisterGonkaModelsOptions {
  const watch =
    <A extends unknown[], T>(port: (...args: A) => Promise<T>) =>
    async (...args: A): Promise<T> => {
      onWait()
      try {
        return await port(...args)
      } finally {
        onWait()
      }
    }
  const { load, save } = createMemoryParticipantStore()
  return {
    fetch: watch((input, init) => globalThis.fetch(input, init)),
    participantStore: { load: watch(load), save: watch(save) },
    discovery: { resolveHost: watch(async () => ['127.0.0.1']), retryCount: 0 },
  }
}

test('a registration that is aborted at any of its waits leaves nobody behind', async () => {
  const devnet = await start()
  const elsewhere = await start({ seed: 'elsewhere' })
  const attempt = async (abortAt: number): Promise<{ waits: number; settled: unknown; members: string[] }> => {
    const controller = new AbortController()
    let waits = 0
    const ports = watchPorts(() => {
      waits += 1
      if (waits === abortAt) controller.abort(new Error('changed my mind'))
    })
    const router = new Router()
    const settled = await registerGonkaModels(router, {
      ...ports,
      sourceUrl: devnet.url,
      privateKey: devnet.account.privateKey,
      endpoints: [`${elsewhere.url};${elsewhere.node(0).address}`],
      brokers: [{ url: `${elsewhere.url}/v1`, apiKey: 'k' }],
      allowPrivateHosts: true,
      refreshEnabled: false,
      env: {},
      signal: controller.signal,
    }).catch((error: unknown) => error)
    return { waits, settled, members: names(router) }
  }
  const whole = await attempt(0)
  expect(whole.members).toHaveLength(5)
  for (let abortAt = 1; abortAt <= whole.waits; abortAt += 1) {
    const { settled, members } = await attempt(abortAt)
    expect([abortAt, String(settled), members]).toEqual([abortAt, 'Error: changed my mind', []])
  }
})
