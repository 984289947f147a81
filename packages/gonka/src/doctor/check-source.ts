import { EndpointDiscovery, type Rejection } from '@gonka/discovery'
import { GonkaError, GonkaNoParticipantsError, type GonkaParticipant, PATHS, readBodyText } from '@gonka/protocol'
import { askNode, parseObject, readJson } from './ask-node.ts'
import { countOf } from './count-of.ts'
import { failed, passed, warned } from './create-row.ts'
import type { DoctorSettings } from './read-settings.ts'
import type { DoctorPorts, DoctorRow } from './types.ts'

/** What a source is found to be. */
export interface SourceFinding {
  readonly url: string
  readonly row: DoctorRow
  /** Whether it answers at all, and so can be asked for accounts and parameters. */
  readonly answers: boolean
  readonly participants: readonly GonkaParticipant[]
  readonly rejected: readonly Rejection[]
  /** What the node runs, as `0.2.13`; undefined when it does not say. */
  readonly version: string | undefined
  /** Id of the chain it is on; undefined when it does not say. */
  readonly chainId: string | undefined
}

/** Asks a source who takes part in the epoch, which chain it is on and what it runs. */
export async function checkSource(url: string, settings: DoctorSettings, ports: DoctorPorts): Promise<SourceFinding> {
  const [list, version, chain] = await Promise.all([
    readList(url, settings, ports),
    fetchVersion(url, ports),
    fetchChainStatus(url, ports),
  ])
  const { row, participants, rejected, answers } = list
  const facts = [version && `v${version}`, chain.chainId && `chain ${chain.chainId}`].filter(Boolean)
  const shown = facts.length > 0 ? { ...row, detail: `${row.detail.replace(/\.$/, '')}; ${facts.join(', ')}` } : row
  const { chainId } = settings.proofs
  const judged = judgeChain(shown, { url, wanted: chainId, ...chain })
  return { url, row: judged, answers, participants, rejected, version, chainId: chain.chainId }
}

interface List {
  readonly row: DoctorRow
  readonly answers: boolean
  readonly participants: readonly GonkaParticipant[]
  readonly rejected: readonly Rejection[]
}

async function readList(url: string, settings: DoctorSettings, ports: DoctorPorts): Promise<List> {
  const { allowPrivateHosts } = settings
  const { fetch, dialect } = watchDialect(ports)
  const { signal, ...own } = ports
  try {
    const discovery = new EndpointDiscovery({
      sourceUrl: url,
      allowPrivateHosts,
      retryCount: 0,
      ...own,
      fetch,
      verifyProofs: false,
      // The whole list: who of it may take requests is a check of its own.
      transferAgents: [],
    })
    const { epochId, participants, rejected } = await discovery.discover({ signal })
    const left = rejected.length > 0 ? `, ${rejected.length} left out` : ''
    const detail = `epoch ${epochId}, ${countOf(participants.length, 'participant')}${left}, integers as ${dialect()}`
    return { row: passed('source', { subject: url, detail }), answers: true, participants, rejected }
  } catch (error) {
    signal?.throwIfAborted()
    const answers = error instanceof GonkaNoParticipantsError
    return { row: describeFailure(url, error), answers, participants: [], rejected: [] }
  }
}

function describeFailure(url: string, error: unknown): DoctorRow {
  const detail = error instanceof GonkaError ? error.message : 'the list of participants could not be read'
  const isPrivate = detail.includes('allowPrivateHosts')
  return failed('source', { subject: url, detail, next: isPrivate ? ALLOW_PRIVATE : REPLACE_SOURCE })
}

const REPLACE_SOURCE = 'check the URL (http://node:8000), or put another node into GONKA_SOURCE_URL (option sourceUrls)'
const ALLOW_PRIVATE =
  'on a network of your own, pass allowPrivateHosts: true (here --allow-private-hosts); on a public one, use another source'

/** Discovery reads both dialects and does not say which; the list passes through here once. */
function watchDialect({ fetch }: DoctorPorts): {
  readonly fetch: DoctorPorts['fetch']
  readonly dialect: () => string
} {
  let seen = 'numbers'
  return {
    dialect: () => seen,
    fetch: async (input, init) => {
      const response = await fetch(input, init)
      const isList = response.ok && !response.redirected && String(input).endsWith(PATHS.participants('current'))
      const text = isList ? await readBodyText(response.clone(), MAX_LIST_BYTES).catch(() => undefined) : undefined
      if (text !== undefined) seen = dialectOf(text)
      return response
    },
  }
}

const MAX_LIST_BYTES = 8 * 1024 * 1024

function dialectOf(text: string): string {
  const { active_participants: active, validators } = parseObject(text) ?? {}
  const [first] = Array.isArray(validators) ? validators : []
  const kinds = [
    (active as { epoch_id?: unknown } | null | undefined)?.epoch_id,
    (first as { voting_power?: unknown } | null | undefined)?.voting_power,
  ].flatMap((value) => (value === undefined ? [] : [typeof value === 'string' ? 'strings' : 'numbers']))
  return new Set(kinds).size > 1 ? 'numbers and strings' : (kinds[0] ?? 'numbers')
}

/** What a node runs; undefined when it does not say. */
async function fetchVersion(url: string, ports: DoctorPorts): Promise<string | undefined> {
  const { api_version: api } = readJson(await askNode({ url: `${url}/v1/versions` }, ports)) ?? {}
  const { version } = (api ?? {}) as { version?: unknown }
  return typeof version === 'string' ? /\d{1,4}\.\d{1,4}\.\d{1,4}/.exec(version)?.[0] : undefined
}

/** What a node says of its chain. */
export interface ChainStatus {
  readonly chainId: string | undefined
  readonly height: bigint | undefined
  /** Whether it is behind the chain, and knows it. */
  readonly catchingUp: boolean
}

/** Asks a node which chain it is on and how far it has come. */
export async function fetchChainStatus(url: string, ports: DoctorPorts): Promise<ChainStatus> {
  const json = readJson(await askNode({ url: url + PATHS.chainStatus }, ports))
  const { node_info: node, sync_info: sync } = (json?.result ?? {}) as {
    node_info?: { network?: unknown } | null
    sync_info?: { latest_block_height?: unknown; catching_up?: unknown } | null
  }
  const height = String(sync?.latest_block_height)
  return {
    chainId: typeof node?.network === 'string' && node.network.length <= 50 ? node.network : undefined,
    height: /^\d{1,19}$/.test(height) ? BigInt(height) : undefined,
    catchingUp: sync?.catching_up === true,
  }
}

function judgeChain(
  row: DoctorRow,
  chain: ChainStatus & { readonly url: string; readonly wanted: string | undefined },
): DoctorRow {
  const { url: subject, wanted, chainId, catchingUp } = chain
  if (row.status !== 'ok') return row
  if (wanted !== undefined && chainId !== undefined && wanted !== chainId) {
    const next = 'use a node of that chain, or correct GONKA_CHAIN_ID (option chainId)'
    return failed('source', { subject, detail: `${row.detail}; ${wanted} is configured`, next })
  }
  if (!catchingUp) return row
  return warned('source', { subject, detail: `${row.detail}; still catching up with the chain`, next: REPLACE_SOURCE })
}
