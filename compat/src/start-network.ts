import { startDevnet } from '@gonka/devnet'
import { startFaultServer } from '@multiplexer/fault-server'

/** What the programs in `uses/` are given: everything they talk to listens on 127.0.0.1. Survives JSON. */
export interface Network {
  /** Base URL of an OpenAI-compatible upstream, ending in `/v1`; models `ok` and the faults of the fault server. */
  readonly upstreamUrl: string
  /** `http://127.0.0.1:port` of a Gonka node, and the address that requests to it are signed for. */
  readonly nodeUrl: string
  readonly nodeAddress: string
  /** Key of a funded account of that test network. */
  readonly privateKey: string
  /** Id of its chain, and a header of it to trust. At least two later blocks exist. */
  readonly chainId: string
  readonly trust: { readonly height: number; readonly hash: string }
}

/** A network that runs until it is disposed. */
export interface RunningNetwork extends AsyncDisposable {
  /** Where it is. */
  readonly network: Network
}

/** Starts an upstream and a Gonka network with a fixed seed. */
export async function startNetwork(): Promise<RunningNetwork> {
  const upstream = await startFaultServer({ name: 'upstream' })
  const devnet = await startDevnet({ participants: 3, seed: 'compat' })
  devnet.chain.advance(2)
  const node = devnet.node(0)
  return {
    network: {
      upstreamUrl: upstream.baseURL,
      nodeUrl: node.url,
      nodeAddress: node.address,
      privateKey: devnet.account.privateKey,
      chainId: devnet.chainId,
      trust: devnet.trustAnchor(),
    },
    [Symbol.asyncDispose]: async () => {
      await devnet.stop()
      await upstream.stop()
    },
  }
}
