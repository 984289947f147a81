import { type Devnet, startDevnet } from '@gonka/devnet'
import { Multiplexer } from '@multiplexer/core'
import { registerGonkaModels } from '@multiplexer/gonka'
import type { DemoReport } from './demo-report.ts'
import { sendRequests } from './send-requests.ts'
import { Tally } from './tally.ts'

/** How big the demo is and who is told what happens. */
export interface DemoOptions {
  /** Completions to ask for; every other one is streamed. */
  readonly requests: number
  /** Keys, weights and answers of the network are derived from it. */
  readonly seed: string
  /** Told each thing that happens, one line at a time. */
  readonly say: (line: string) => void
}

const MODEL = 'sim/model-a'
const WEIGHTS = [40, 25, 20, 10, 5]
const KILLED = 1
const LEAVING = 3

/** Starts a network of five participants, sends completions through a multiplexer, kills one participant and turns the epoch
 * while requests fly, and reports who served what. */
export async function runDemo({ requests, seed, say }: DemoOptions): Promise<DemoReport> {
  const startedMs = performance.now()
  await using devnet = await startDevnet({
    participants: WEIGHTS.map((weight) => ({ weight })),
    models: [MODEL],
    seed,
    latencyMs: 20,
    tokenDelayMs: 2,
  })
  say(`a Gonka network on 127.0.0.1: ${devnet.nodes.length} participants, epoch ${devnet.epochId}, signed requests`)
  // Holding streams back until they are whole is what saves those that a killed participant had begun.
  await using mux = new Multiplexer({ commit: 'complete' })
  const tally = new Tally(devnet)
  tally.listenTo(mux, say)
  const { refreshManager, modelsRegistered, requesterAddress } = await registerGonkaModels(mux, {
    sourceUrls: devnet.urls,
    privateKey: devnet.account.privateKey,
    allowPrivateHosts: true,
    refreshIntervalMs: 100,
    onEpochChange: (oldEpoch, newEpoch) => say(`the multiplexer moved from epoch ${oldEpoch} to ${newEpoch}`),
  })
  say(`${modelsRegistered} participants registered; requests are signed by ${requesterAddress}`)
  const script = stageEvents(devnet, { requests, tally, say })
  const { lost, streamed } = await sendRequests(mux, { requests, model: MODEL, onAnswered: script, say })
  await refreshManager?.stop()
  return tally.report({ requests, streamed, lost, durationMs: Math.round(performance.now() - startedMs) })
}

/** What goes wrong, and when: told the number of answers so far. */
function stageEvents(
  devnet: Devnet,
  { requests, tally, say }: { requests: number; tally: Tally; say: (line: string) => void },
): (answered: number) => Promise<void> {
  return async (answered) => {
    if (answered === Math.round(requests * 0.3)) {
      const { address } = devnet.node(KILLED)
      say(`killing participant ${address.slice(0, 12)}… with its requests in flight`)
      tally.note(address, 'killed')
      await devnet.node(KILLED).kill()
    }
    if (answered === Math.round(requests * 0.6)) {
      const { epochId, joined, left } = await devnet.nextEpoch({ join: [{ weight: 30 }], leave: [LEAVING] })
      for (const { address } of joined) tally.note(address, 'joined')
      for (const { address } of left) tally.note(address, 'left')
      tally.noteEpoch(devnet)
      say(`the chain turned to epoch ${epochId}: one participant joined, one left`)
    }
  }
}
