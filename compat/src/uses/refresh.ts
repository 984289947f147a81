import { type ParticipantSet, RefreshManager } from '@gonka/refresh'

/** Moves one set of participants from a source to a sink. */
export async function use(): Promise<string> {
  const received: ParticipantSet[] = []
  const participant = {
    address: 'gonka1y2a9p56kv044327uycmqdexl7zs82fs5ryv5le',
    inferenceUrl: 'https://node.example.com',
    baseUrl: 'https://node.example.com/v1',
    weight: 1,
    models: [],
    validatorKey: '',
    epochId: 7,
  }
  const manager = new RefreshManager({
    source: { discover: async () => ({ epochId: 7, participants: [participant] }) },
    sink: {
      reconcile: (set) => {
        received.push(set)
        return { added: set.participants.length, removed: 0, updated: 0 }
      },
    },
  })
  const { success } = await manager.refreshNow()
  await manager.stop()
  return `${success} ${received.length} ${manager.currentEpoch}`
}
