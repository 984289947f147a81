import { createSigningClientFactory, ModelRegistrar } from '@gonka/registrar'
import { createSigner } from '@gonka/signer'
import { Router } from '@multiplexer/core/router'

/** Registers one participant and lets it answer a signed call. */
export async function use(network: { nodeUrl: string; nodeAddress: string; privateKey: string }): Promise<string> {
  const router = new Router()
  const registrar = new ModelRegistrar(createSigningClientFactory({ signer: createSigner(network.privateKey) }))
  const participant = {
    address: network.nodeAddress,
    inferenceUrl: network.nodeUrl,
    baseUrl: `${network.nodeUrl}/v1`,
    weight: 1,
    models: ['sim/model-a'],
    validatorKey: '',
    epochId: 7,
  }
  const { added } = registrar.reconcile(router, { epochId: 7, participants: [participant] })
  const response = await router.fetch('/v1/chat/completions', {
    method: 'POST',
    body: JSON.stringify({ model: 'auto', messages: [{ role: 'user', content: 'Hello' }] }),
  })
  await response.text()
  return `${added} added, answered ${response.status}`
}
