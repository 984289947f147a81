import type { NetworkCommand, NetworkMessage, NetworkSettings } from './network-protocol.ts'
import { type PlannedSecond, planSoak } from './plan.ts'
import { SoakNetwork } from './soak-network.ts'

// The network of a soak: a process of its own, so that heap and sockets of the client's are the client's.
const settings = JSON.parse(process.argv[2] ?? '{}') as NetworkSettings
const network = await SoakNetwork.start(settings)
let healed = false

process.on('message', (command: NetworkCommand) => void obey(command))
process.on('disconnect', () => process.exit(0))
const { url, address } = network.participant(0)
const { privateKey } = network.devnet.account
tell({ kind: 'ready', access: { sourceUrls: network.sourceUrls, privateKey, node: { url, address } } })

async function obey(command: NetworkCommand): Promise<void> {
  switch (command) {
    case 'begin':
      return await follow(planSoak(settings))
    case 'heal':
      healed = true
      return await network.healAll()
    case 'record':
      return tell({ kind: 'record', record: { status: network.status, breaks: network.breaks.map(endBreak) } })
    case 'stop':
      await network.stop()
      return tell({ kind: 'stopped' })
  }
}

/** Each second at its time: one that took long does not delay all that follow. */
async function follow(plan: readonly PlannedSecond[]): Promise<void> {
  const startedMs = performance.now()
  for (const [second, planned] of plan.entries()) {
    const dueMs = startedMs + second * 1_000 - performance.now()
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, dueMs)))
    if (healed) return
    await network.apply(planned)
    tell({ kind: 'status', status: network.status })
  }
}

/** Infinity is no JSON. */
function endBreak<T extends { toMs: number }>(period: T): T {
  return { ...period, toMs: Math.min(period.toMs, Number.MAX_SAFE_INTEGER) }
}

function tell(message: NetworkMessage): void {
  process.send?.(message)
}
