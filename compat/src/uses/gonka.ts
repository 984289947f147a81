import { Router } from '@multiplexer/core/router'
import { registerGonkaModels } from '@multiplexer/gonka'

/** Registers a network with one call, then sends one. */
export async function use(network: { nodeUrl: string; privateKey: string }): Promise<string> {
  const router = new Router()
  const { modelsRegistered, epochId } = await registerGonkaModels(router, {
    sourceUrl: network.nodeUrl,
    privateKey: network.privateKey,
    allowPrivateHosts: true,
    refreshEnabled: false,
    env: {},
  })
  const response = await router.fetch('/v1/chat/completions', {
    method: 'POST',
    body: JSON.stringify({ model: 'sim/model-a', messages: [{ role: 'user', content: 'Hello' }] }),
  })
  await response.text()
  return `${modelsRegistered} registered in epoch ${epochId}, answered ${response.status}`
}
