import { runDoctor } from '@multiplexer/gonka/doctor'

/** Lets the doctor look at a network and send one request. */
export async function use(network: { nodeUrl: string; privateKey: string }): Promise<string> {
  const { ok, checks } = await runDoctor({
    sourceUrl: network.nodeUrl,
    privateKey: network.privateKey,
    allowPrivateHosts: true,
    send: true,
    env: {},
  })
  return `${ok} ${checks.find(({ check }) => check === 'request')?.status}`
}
