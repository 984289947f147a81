import { setTimeout as sleep } from 'node:timers/promises'
import { type Devnet, startDevnet } from '@gonka/devnet'
import type { RegisterGonkaModelsOptions } from '@multiplexer/gonka'
import { type Report, type WatchOptions, watchEpochs } from './watch-epochs.ts'

const EPOCH_MS = 300

/** Watches a network of five on this machine, of which four take part, while its epochs turn. */
export async function watchDemo(settings: RegisterGonkaModelsOptions, watch: WatchOptions): Promise<Report> {
  const participants = [{}, {}, {}, {}, { listed: false }]
  await using devnet = await startDevnet({ participants, latencyMs: 5 })
  const { urls, account } = devnet
  const network = { sourceUrls: urls, privateKey: account.privateKey, allowPrivateHosts: true, env: {} }
  const stop = new AbortController()
  const turning = turnEpochs(devnet, AbortSignal.any([watch.signal, stop.signal]))
  try {
    return await watchEpochs({ ...network, ...settings }, watch)
  } finally {
    stop.abort()
    await turning
  }
}

/** Turns the epoch again and again: each time one participant leaves, and the one that is out comes back. */
async function turnEpochs(devnet: Devnet, signal: AbortSignal): Promise<void> {
  for (let leaving = 0; ; leaving = (leaving + 1) % devnet.nodes.length) {
    await sleep(EPOCH_MS, undefined, { signal }).catch(() => {})
    if (signal.aborted) return
    const rejoin = devnet.nodes.filter(({ inEpoch }) => !inEpoch).map(({ index }) => index)
    await devnet.nextEpoch({ leave: [leaving], rejoin })
  }
}
