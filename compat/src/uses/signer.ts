import { createSigner, createSigningFetch, signRequest } from '@gonka/signer'

/** Signs a published vector, then sends a request that a node verifies. */
export async function use(network: { nodeUrl: string; nodeAddress: string; privateKey: string }): Promise<string> {
  const headers = await signRequest({
    signer: createSigner(`${'00'.repeat(31)}01`),
    body: '{"model":"Qwen/Qwen3-235B-A22B-Instruct-2507-FP8","messages":[{"role":"user","content":"Hello"}]}',
    timestampNs: BigInt('1767225600000000000'),
    transferAddress: 'gonka1y2a9p56kv044327uycmqdexl7zs82fs5ryv5le',
  })
  const signedFetch = createSigningFetch({
    signer: createSigner(network.privateKey),
    transferAddress: network.nodeAddress,
    origin: network.nodeUrl,
  })
  const answer = await signedFetch(`${network.nodeUrl}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'sim/model-a', messages: [{ role: 'user', content: 'Grüße, 世界' }] }),
  })
  return `${answer.status} ${headers.Authorization}`
}
