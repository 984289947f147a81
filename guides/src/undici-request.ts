import { createSigner, createSystemClock, signRequest } from '@gonka/signer'
import { Agent, type Dispatcher, request } from 'undici'

const dispatcher = new Agent() // no RetryAgent and no retry interceptor: a node accepts a signature once
const clock = createSystemClock() // one for everything that signs with this key

export async function complete(
  privateKey: string,
  participant: { url: string; address: string },
  completion: object,
): Promise<Dispatcher.ResponseData> {
  const body = JSON.stringify(completion) // sign exactly what is sent
  const signature = await signRequest({
    signer: createSigner(privateKey),
    body,
    timestampNs: clock.nowNs(),
    transferAddress: participant.address,
  })
  const headers = { 'content-type': 'application/json', ...signature }
  return await request(`${participant.url}/v1/chat/completions`, { method: 'POST', headers, body, dispatcher })
}
