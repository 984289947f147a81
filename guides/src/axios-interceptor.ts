import { createSigner, createSystemClock, signRequest } from '@gonka/signer'
import axios, { type AxiosInstance } from 'axios'

const clock = createSystemClock() // one for everything that signs with this key

export function createSignedAxios(privateKey: string, participant: { url: string; address: string }): AxiosInstance {
  const signer = createSigner(privateKey)
  const client = axios.create({
    baseURL: `${participant.url}/v1`,
    adapter: 'http',
    maxRedirects: 0, // a signature is for one participant: neither a redirect
    allowAbsoluteUrls: false, // nor a URL takes it elsewhere
    transformRequest: (data) => data, // the interceptor's bytes go out as they are
  })
  client.interceptors.request.use(async (config) => {
    if (config.data === undefined) return config
    const body = typeof config.data === 'string' ? config.data : JSON.stringify(config.data)
    const timestampNs = clock.nowNs()
    const signature = await signRequest({ signer, body, timestampNs, transferAddress: participant.address })
    config.data = body
    config.headers.set({ 'content-type': 'application/json', ...signature })
    return config
  })
  return client
}
