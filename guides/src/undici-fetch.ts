import { createSigner, createSigningFetch, type FetchLike } from '@gonka/signer'
import { Agent, type RequestInit as UndiciInit, fetch as undiciFetch } from 'undici'

const dispatcher = new Agent({ connections: 16, headersTimeout: 60_000 }) // or a Pool, a ProxyAgent, …

export function createSignedFetch(privateKey: string, participant: { url: string; address: string }): FetchLike {
  return createSigningFetch({
    signer: createSigner(privateKey),
    transferAddress: participant.address,
    origin: participant.url,
    // The signer passes a URL and bytes, which both fetches take; only undici's declarations differ from the platform's.
    fetch: async (url, init) =>
      (await undiciFetch(String(url), { ...(init as UndiciInit), dispatcher })) as unknown as Response,
  })
}
