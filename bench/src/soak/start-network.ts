import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type {
  NetworkAccess,
  NetworkCommand,
  NetworkMessage,
  NetworkRecord,
  NetworkSettings,
} from './network-protocol.ts'
import type { NetworkStatus } from './soak-network.ts'

/** A network in a process of its own. */
export interface RemoteNetwork {
  readonly access: NetworkAccess
  /** What it said last; undefined before the plan's first second is over. */
  readonly status: NetworkStatus | undefined
  /** Lets the plan begin. */
  begin(): void
  /** Ends all trouble. */
  heal(): void
  /** Asks what happened. */
  record(): Promise<NetworkRecord>
  /** Closes every connection and ends the process. */
  stop(): Promise<void>
}

/** Starts the network; needs the package to be built.
 * @throws Error when the process ends before the network is up. */
export async function startNetwork(settings: NetworkSettings): Promise<RemoteNetwork> {
  const script = new URL('../../dist/soak/network-process.js', import.meta.url)
  const child = fork(script, [JSON.stringify(settings)], { execArgv: [] })
  let status: NetworkStatus | undefined
  child.on('message', (message: NetworkMessage) => {
    if (message.kind === 'status') status = message.status
  })
  const { access } = await nextMessage(child, 'ready')
  const say = (command: NetworkCommand): void => void child.send(command)
  return {
    access,
    get status() {
      return status
    },
    begin: () => say('begin'),
    heal: () => say('heal'),
    async record() {
      say('record')
      return (await nextMessage(child, 'record')).record
    },
    async stop() {
      say('stop')
      await nextMessage(child, 'stopped')
      const gone = once(child, 'exit')
      child.disconnect()
      await gone
    },
  }
}

type MessageOf<Kind extends NetworkMessage['kind']> = Extract<NetworkMessage, { kind: Kind }>

/** Waits for a message of one kind; others pass by. */
function nextMessage<Kind extends NetworkMessage['kind']>(child: ChildProcess, kind: Kind): Promise<MessageOf<Kind>> {
  return new Promise((resolve, reject) => {
    const onMessage = (message: NetworkMessage): void => {
      if (message.kind !== kind) return
      leave()
      resolve(message as MessageOf<Kind>)
    }
    const onExit = (code: number | null): void => {
      leave()
      reject(new Error(`The network's process ended with code ${code}.`))
    }
    const leave = (): void => {
      child.off('message', onMessage)
      child.off('exit', onExit)
    }
    child.on('message', onMessage)
    child.on('exit', onExit)
  })
}
