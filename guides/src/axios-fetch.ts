import { createSigner, createSigningFetch } from '@gonka/signer'
import axios, { type AxiosInstance } from 'axios'

export function createSignedAxios(privateKey: string, participant: { url: string; address: string }): AxiosInstance {
  const signedFetch = createSigningFetch({
    signer: createSigner(privateKey),
    transferAddress: participant.address,
    origin: participant.url,
  })
  return axios.create({ baseURL: `${participant.url}/v1`, adapter: 'fetch', env: { fetch: signedFetch } })
}
