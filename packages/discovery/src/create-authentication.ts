import { type BlockSource, createRpcSource } from '@gonka/light-client'
import { type Anchor, followChain } from './follow-chain.ts'
import type { AuthenticateHeader, HeaderSettings, RpcSettings } from './header-authentication.ts'
import { createAgreedTrust } from './trust-agreed.ts'
import { createFirstUseTrust } from './trust-first-use.ts'
import type { Trust } from './types.ts'

/** Makes the authentication that a kind of trust stands for. */
export function createAuthentication(trust: Trust, settings: HeaderSettings & RpcSettings): AuthenticateHeader {
  const { chainId, trustingPeriodMs, maxClockDriftMs, now } = settings
  const limits = { chainId, trustingPeriodMs, maxClockDriftMs, now }
  if (trust === 'first-use') return createFirstUseTrust(limits)
  if ('hash' in trust) {
    const anchor: Anchor = { height: BigInt(trust.height), hash: trust.hash }
    return (request) => followChain(anchor, request, limits)
  }
  const sources = new Map(trust.witnesses.map((url) => [url, createBlockSource(url, settings)]))
  return createAgreedTrust({ sources, quorum: trust.quorum }, limits)
}

/** Makes a source of blocks from a node. */
export function createBlockSource(url: string, { fetch, timeoutMs, maxResponseBytes }: RpcSettings): BlockSource {
  return createRpcSource({ url, timeoutMs, maxResponseBytes, fetch: (input, init = {}) => fetch(input, init) })
}
