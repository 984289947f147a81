import { type GonkaParticipant, parseHttpUrl } from '@gonka/protocol'
import type { GonkaBroker } from '../brokers/gonka-broker.ts'
import { resolveBroker, resolveBrokers } from '../brokers/resolve-brokers.ts'
import type { UncheckedOptions } from '../config-options.ts'
import { resolveEndpoint, resolveEndpoints, resolveSourceUrls } from '../resolve-endpoints.ts'

/** Reads a part of the settings; one that is wrong is noted, and the fallback takes its place. */
export type Collect = <T>(read: () => T, fallback: T) => T

/** The sources, each checked on its own. */
export function readSourceUrls({ sourceUrl, sourceUrls }: UncheckedOptions, collect: Collect): readonly string[] {
  const first = collect(() => resolveSourceUrls({ sourceUrl }), [])
  const more = readEach(sourceUrls, collect, {
    one: (url, index) => [parseHttpUrl(url as string, `sourceUrls[${index}]`)],
    all: (urls) => resolveSourceUrls({ sourceUrls: urls }),
  })
  return [...new Set([...first, ...more].map(withoutV1))]
}

/** The participants by hand, each checked on its own, and then that they go together. */
export function readEndpoints({ endpoints }: UncheckedOptions, collect: Collect): readonly GonkaParticipant[] {
  return readEach(endpoints, collect, {
    one: (endpoint, index) => [resolveEndpoint(endpoint, `endpoints[${index}]`)],
    all: (list) => resolveEndpoints({ endpoints: list }),
  })
}

/** The brokers, each checked on its own, and then that they go together. */
export function readBrokers({ brokers }: UncheckedOptions, collect: Collect): readonly GonkaBroker[] {
  return readEach(brokers, collect, {
    one: (broker, index) => [resolveBroker(broker, `brokers[${index}]`)],
    all: (list) => resolveBrokers({ brokers: list }),
  })
}

interface Resolvers<T> {
  /** Checks one entry. */
  readonly one: (entry: unknown, index: number) => readonly T[]
  /** Checks a list, or what should have been one. */
  readonly all: (list: unknown) => readonly T[]
}

function readEach<T>(list: unknown, collect: Collect, { one, all }: Resolvers<T>): readonly T[] {
  if (!Array.isArray(list)) return collect(() => all(list), [])
  const entries = list.map((entry: unknown, index) => collect(() => one(entry, index), []))
  const found = entries.flat()
  const isEachFine = entries.every(({ length }) => length > 0)
  return isEachFine ? collect(() => all(found), found) : found
}

/** Users paste the base URL of the API; the checks ask other paths of the same node too. */
function withoutV1(url: string): string {
  return url.replace(/\/v1$/, '')
}
