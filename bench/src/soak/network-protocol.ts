import type { Break, NetworkStatus } from './soak-network.ts'

/** What the process of the network is started with. */
export interface NetworkSettings {
  readonly seed: number
  readonly seconds: number
  readonly participants: number
  readonly epochSeconds: number
  readonly settleSeconds: number
}

/** What a client needs to know of a network that is up. */
export interface NetworkAccess {
  readonly sourceUrls: readonly string[]
  readonly privateKey: string
  /** A participant to ask directly, while nothing fails yet. */
  readonly node: { readonly url: string; readonly address: string }
}

/** What the network did, once it is over. */
export interface NetworkRecord {
  readonly status: NetworkStatus
  readonly breaks: readonly Break[]
}

/** From the network's process. */
export type NetworkMessage =
  | { readonly kind: 'ready'; readonly access: NetworkAccess }
  | { readonly kind: 'status'; readonly status: NetworkStatus }
  | { readonly kind: 'record'; readonly record: NetworkRecord }
  | { readonly kind: 'stopped' }

/** To the network's process: let the plan begin; end all trouble; say what happened; end. */
export type NetworkCommand = 'begin' | 'heal' | 'record' | 'stop'
