import { startDevnet } from '@gonka/devnet'

/** Starts a network, asks it for its participants and stops it. */
export async function use(): Promise<string> {
  const devnet = await startDevnet({ participants: 2, seed: 'compat' })
  const answer = await (await fetch(`${devnet.url}/v1/epochs/current/participants`)).json()
  await devnet.stop()
  return `${answer.active_participants.participants.length} participants of epoch ${devnet.epochId}`
}
