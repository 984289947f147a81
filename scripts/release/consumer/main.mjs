// A stranger's first program: one request that the signer signs alone, and some that a router spreads over a network.
import { startDevnet } from '@gonka/devnet'
import { createSigner, createSigningFetch } from '@gonka/signer'
import { Router } from '@multiplexer/core/router'
import { registerGonkaModels } from '@multiplexer/gonka'

const CALLS = 4
const MODEL = 'sim/model-a'
const request = {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ model: MODEL, messages: [{ role: 'user', content: 'Hello' }] }),
}

const devnet = await startDevnet({ participants: 2, models: [MODEL], seed: 'release' })
try {
  console.log(JSON.stringify({ signed: await askOneParticipant(), routed: await askThroughRouter() }))
} finally {
  await devnet.stop()
}

async function askOneParticipant() {
  const { url, address } = devnet.node(0)
  const signer = createSigner(devnet.account.privateKey)
  const signedFetch = createSigningFetch({ signer, transferAddress: address, origin: url })
  return countContent(await signedFetch(`${url}/v1/chat/completions`, request))
}

async function askThroughRouter() {
  const router = new Router()
  const { privateKey } = devnet.account
  const { refreshManager } = await registerGonkaModels(router, {
    sourceUrls: devnet.urls,
    privateKey,
    allowPrivateHosts: true,
  })
  let answered = 0
  for (let call = 0; call < CALLS; call++) {
    answered += await countContent(await router.fetch('/v1/chat/completions', request))
  }
  await refreshManager?.stop()
  return answered
}

/** 1 for an answer with content, 0 for any other. */
async function countContent(response) {
  const answer = await response.json()
  return response.ok && answer.choices[0].message.content.length > 0 ? 1 : 0
}
