import { setTimeout as sleep } from 'node:timers/promises'
import { type Devnet, startDevnet } from '@gonka/devnet'
import type { RegisterGonkaModelsOptions } from '@multiplexer/gonka'
import { type EpochChange, type Report, type WatchOptions, watchEpochs } from './watch-epochs.ts'

const EPOCH_MS = 300

/** Watches a network of five on this machine, of which four take part, while its epochs turn. */
export async function watchDemo(settings: RegisterGonkaModelsOptions, watch: WatchOptions): Promise<Report> {
  const participants = [{}, {}, {}, {}, { listed: false }]
  await using devnet = await startDevnet({ participants, latencyMs: 5 })
  const { urls, account } = devnet
  const network = { sourceUrls: urls, privateKey: account.privateKey, allowPrivateHosts: true, env: {} }
  const stop = new AbortController()
  let seen: number | undefined
  const onEpoch = (change: EpochChange): void => {
    seen = change.newEpoch
    watch.onEpoch?.(change)
  }
  const hasBegun = (): boolean => devnet.nodes.some(({ served }) => served > 0)
  const isFollowed = (): boolean => (seen === undefined ? hasBegun() : seen === devnet.epochId)
  const signal = AbortSignal.any([watch.signal, stop.signal])
  const turning = turnEpochs(devnet, { signal, isFollowed })
  try {
    return await watchEpochs({ ...network, ...settings }, { ...watch, onEpoch })
  } finally {
    stop.abort()
    await turning
  }
}

/** Turns the epoch again and again: each time one participant leaves, and the one that is out comes back. However slow the
 * machine, no epoch turns before the one before it was seen. */
async function turnEpochs(
  devnet: Devnet,
  { signal, isFollowed }: { signal: AbortSignal; isFollowed: () => boolean },
): Promise<void> {
  let leaving = 0
  while (!signal.aborted) {
    await sleep(EPOCH_MS, undefined, { signal }).catch(() => {})
    if (signal.aborted || !isFollowed()) continue
    const rejoin = devnet.nodes.filter(({ inEpoch }) => !inEpoch).map(({ index }) => index)
    await devnet.nextEpoch({ leave: [leaving], rejoin })
    leaving = (leaving + 1) % devnet.nodes.length
  }
}
