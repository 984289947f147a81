import { GonkaConfigError, isPrivateHost, runWithTimeout } from '@gonka/protocol'
import { invalid } from './check-option.ts'
import type { DiscoveryLogger, ResolveHost } from './types.ts'

/** How names are looked up. */
export interface NameCheckOptions {
  /** undefined: the platform has no way to look names up. */
  readonly resolveHost: ResolveHost | undefined
  /** Limit of one request, in milliseconds; looking up all names never takes longer. */
  readonly timeoutMs: number
  readonly logger: DiscoveryLogger | undefined
}

/** Tells which host names of a list lead to a private address, by at least one of their addresses.
 * @throws {GonkaConfigError} `config-invalid` with field `resolveHost` when that gives anything but IP addresses.
 * @throws `signal.reason` when the signal aborts. */
export type FindPrivateNames = (
  names: ReadonlySet<string>,
  signal: AbortSignal | undefined,
) => Promise<ReadonlySet<string>>

/** Time for all names of a list together: servers of names that never answer must not hold it up. */
const MAX_LOOKUP_MS = 5_000

/** A platform's resolver works on a few names at a time; what is queued there delays the requests of others. */
const MAX_LOOKUPS = 8

/** Makes a check that looks up each name of a list once. A name that does not resolve, or not in time, is what its last answer
 * said; without one it passes: nothing can be sent there now, and who can make a name fail now and lead inside later could
 * as well change it later. */
export function createNameCheck({ resolveHost, timeoutMs, logger }: NameCheckOptions): FindPrivateNames {
  /** By name, whether its last answer held a private address. */
  const known = new Map<string, boolean>()
  const timeout = new Error('The names were not resolved in time.')
  return async (names, signal) => {
    if (resolveHost === undefined || names.size === 0) return new Set()
    for (const name of known.keys()) if (!names.has(name)) known.delete(name)
    // Its own copy: another call, about another list, may make the check forget these names meanwhile.
    const answers = new Map(known)
    const lookup: Lookup = { known, answers, waiting: new Set(names), resolveHost }
    try {
      await runWithTimeout((inner) => resolveNames(lookup, inner), {
        timeoutMs: Math.min(timeoutMs, MAX_LOOKUP_MS),
        signal,
        createTimeoutError: () => timeout,
      })
    } catch (error) {
      if (error !== timeout) throw error
    }
    if (lookup.waiting.size > 0) warn(lookup.waiting, logger)
    return new Set([...names].filter((name) => answers.get(name)))
  }
}

interface Lookup {
  /** What is remembered for later calls. */
  readonly known: Map<string, boolean>
  /** The last answer to each name of the list, as far as there is one. */
  readonly answers: Map<string, boolean>
  /** Names of the list without an answer (yet). */
  readonly waiting: Set<string>
  readonly resolveHost: ResolveHost
}

/** Names that were never answered come first, so that slow servers of names cannot keep the same ones out for ever. A lane is
 * held until its lookup ends, also after time is up: a lookup that cannot be cancelled still takes its place. */
async function resolveNames(lookup: Lookup, signal: AbortSignal): Promise<void> {
  const { known, waiting } = lookup
  const queue = [...waiting].sort((a, b) => Number(known.has(a)) - Number(known.has(b))).values()
  const runLane = async (): Promise<void> => {
    for (const name of queue) {
      if (signal.aborted) return
      await resolveName(lookup, name, signal)
    }
  }
  await Promise.all(Array.from({ length: MAX_LOOKUPS }, runLane))
}

async function resolveName(lookup: Lookup, name: string, signal: AbortSignal): Promise<void> {
  const { known, answers, waiting, resolveHost } = lookup
  try {
    const isPrivate = checkAddresses(await resolveHost(name, { signal })).some(isPrivateHost)
    known.set(name, isPrivate)
    answers.set(name, isPrivate)
    waiting.delete(name)
  } catch (error) {
    if (error instanceof GonkaConfigError) throw error
  }
}

/** Writes addresses as URLs write them. One that cannot be read must not pass for a public one. */
function checkAddresses(addresses: unknown): string[] {
  const hosts = Array.isArray(addresses) ? addresses.map(toUrlHost) : [undefined]
  if (hosts.every((host) => host !== undefined)) return hosts
  throw invalid('resolveHost', 'a function that gives a list of IP addresses as text')
}

function toUrlHost(address: unknown): string | undefined {
  if (typeof address !== 'string') return undefined
  if (/^\d+(\.\d+){3}$/.test(address)) return hostOf(`http://${address}`)
  // A zone such as %eth0 says on which link an address is, and no URL has one.
  return address.includes(':') ? hostOf(`http://[${address.replace(/%.*$/, '')}]`) : undefined
}

function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname : undefined
}

function warn(unresolved: ReadonlySet<string>, logger: DiscoveryLogger | undefined): void {
  const hosts = [...unresolved].slice(0, 10)
  logger?.warn('Host names of participants did not resolve; whether they lead to private hosts is not known.', {
    count: unresolved.size,
    hosts,
  })
}
