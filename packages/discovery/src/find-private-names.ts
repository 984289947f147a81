import { GonkaConfigError, isPrivateHost, runWithTimeout } from '@gonka/protocol'
import { invalid } from './check-option.ts'
import type { DiscoveryLogger, ResolveHost } from './types.ts'

/** How names are looked up. */
export interface NameLookupOptions {
  /** undefined: the platform has no way to look names up. */
  readonly resolveHost: ResolveHost | undefined
  /** Limit of one request, in milliseconds; looking up all names never takes longer. */
  readonly timeoutMs: number
  readonly logger: DiscoveryLogger | undefined
  readonly signal?: AbortSignal | undefined
}

/** Time for all names together: a server of names that never answers must not hold up a list. */
const MAX_LOOKUP_MS = 10_000

/** A platform's resolver works on a few names at a time; what is queued there delays the requests of others. */
const MAX_LOOKUPS = 8

/** Looks up where names lead.
 * @param names - Host names, each looked up once.
 * @returns Those of which at least one address is private. A name that does not resolve, or not in time, is not among
 * them: nothing can be sent there now, and who can make a name fail now and lead inside later could as well change it later.
 * @throws {GonkaConfigError} `config-invalid` with field `resolveHost` when that gives anything but IP addresses.
 * @throws `signal.reason` when the signal aborts. */
export async function findPrivateNames(
  names: Iterable<string>,
  options: NameLookupOptions,
): Promise<ReadonlySet<string>> {
  const { resolveHost, timeoutMs, signal, logger } = options
  const lookup: Lookup = { waiting: new Set(names), found: new Set() }
  if (resolveHost === undefined || lookup.waiting.size === 0) return lookup.found
  const timeout = new Error('The names were not resolved in time.')
  try {
    await runWithTimeout((inner) => resolveNames(lookup, resolveHost, inner), {
      timeoutMs: Math.min(timeoutMs, MAX_LOOKUP_MS),
      signal,
      createTimeoutError: () => timeout,
    })
  } catch (error) {
    if (error !== timeout) throw error
  }
  if (lookup.waiting.size > 0) warn(lookup.waiting, logger)
  return new Set(lookup.found)
}

interface Lookup {
  /** Names without an answer (yet). */
  readonly waiting: Set<string>
  /** Names that lead to a private address. */
  readonly found: Set<string>
}

/** A lane is held until its lookup ends, also after time is up: a lookup that cannot be cancelled still takes its place. */
async function resolveNames(lookup: Lookup, resolveHost: ResolveHost, signal: AbortSignal): Promise<void> {
  const queue = [...lookup.waiting].values()
  const runLane = async (): Promise<void> => {
    for (const name of queue) {
      if (signal.aborted) return
      await resolveName(lookup, name, () => resolveHost(name, { signal }))
    }
  }
  await Promise.all(Array.from({ length: MAX_LOOKUPS }, runLane))
}

async function resolveName(
  { waiting, found }: Lookup,
  name: string,
  resolve: () => Promise<readonly string[]>,
): Promise<void> {
  try {
    const addresses = checkAddresses(await resolve())
    waiting.delete(name)
    if (addresses.some(isPrivateHost)) found.add(name)
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
