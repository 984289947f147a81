import {
  GonkaDiscoveryError,
  type GonkaError,
  GonkaNoParticipantsError,
  GonkaProofVerificationError,
  untilAborted,
} from '@gonka/protocol'
import type { LoadedSet, ParticipantArchive, SourcedSet, StoredSet } from '@gonka/refresh'
import type { Logger } from '@multiplexer/core/router'
import type { NetworkSource } from './create-network-source.ts'
import type { Endpoints } from './endpoints.ts'
import type { GonkaRegistrationResult } from './types.ts'

/** What a registration starts with; the part of its result that is about where the participants come from. */
export interface FirstSet
  extends Pick<
    GonkaRegistrationResult,
    | 'participants'
    | 'epochId'
    | 'rejected'
    | 'trust'
    | 'provenBy'
    | 'sourceUrl'
    | 'stale'
    | 'storedAt'
    | 'discoveryError'
  > {
  /** The network's set, now or as it was stored; undefined when there are only participants by hand, or none. */
  readonly network: SourcedSet | undefined
}

/** Where the first set may come from. */
export interface FirstSetParts {
  readonly source: NetworkSource | undefined
  readonly archive: ParticipantArchive | undefined
  readonly endpoints: Endpoints
  /** Whether there is somebody to send requests to without the network: endpoints or brokers. */
  readonly hasOthers: boolean
  /** How long sources are waited for when a stored set can stand in, in milliseconds. */
  readonly startTimeoutMs: number
  readonly logger: Logger | undefined
  readonly signal: AbortSignal | undefined
}

/** Finds the participants to start with: those of a source, which are stored; when every source is down, the stored ones; without any, none but
 * those configured by hand. Where a stored set can stand in, silent sources are not waited for through all retries. A source that
 * lies is no outage: then nothing stands in for its list.
 * @throws {GonkaError} what discovery throws, when nothing may or can stand in.
 * @throws The signal's reason when it is aborted. */
export async function findFirstSet(parts: FirstSetParts): Promise<FirstSet> {
  const { source, archive, startTimeoutMs, signal } = parts
  if (!source) return withoutNetwork(parts, undefined)
  const loaded = (await archive?.load({ signal })) ?? NOTHING_STORED
  try {
    const set = await source.discover({ signal, deadlineMs: loaded.set && startTimeoutMs })
    // Before anybody is registered: a store that hangs must not hold up a caller who aborts, and leave members behind.
    if (archive) await untilAborted(archive.save(set), signal)
    return { ...set, stale: false, storedAt: undefined, discoveryError: undefined, network: set }
  } catch (error) {
    signal?.throwIfAborted()
    return await standIn(parts, { source, error, loaded })
  }
}

async function standIn(
  parts: FirstSetParts,
  { source, error, loaded }: { readonly source: NetworkSource; readonly error: unknown; readonly loaded: LoadedSet },
): Promise<FirstSet> {
  if (!isOutage(error) && !(error instanceof GonkaNoParticipantsError)) throw error
  // A network that says it has nobody has spoken: what it said before is no longer true.
  if (!isOutage(error)) return withOthers(parts, error)
  const { set, problem } = loaded
  if (!set) return withOthers(parts, problem ? withProblem(error, problem) : error)
  const { participants, rejected } = await source.selectPublic(set.participants, { signal: parts.signal })
  if (participants.length === 0) return withOthers(parts, withProblem(error, ALL_PRIVATE))
  return stored(parts, { set: { ...set, participants }, rejected, outage: error })
}

const ALL_PRIVATE =
  'participantStore names nobody at a public host: all of its host names lead to private addresses now.'

async function withOthers(parts: FirstSetParts, failure: GonkaError): Promise<FirstSet> {
  if (!parts.hasOthers) throw failure
  parts.logger?.warn('there are no participants yet', { reason: failure.message })
  return withoutNetwork(parts, failure)
}

interface StandIn {
  readonly set: StoredSet
  /** Whom the rules leave out by now. */
  readonly rejected: FirstSet['rejected']
  readonly outage: GonkaDiscoveryError
}

async function stored(
  { endpoints, logger, signal }: FirstSetParts,
  { set, rejected, outage }: StandIn,
): Promise<FirstSet> {
  const storedAt = new Date(set.storedAtMs)
  logger?.warn('no source is usable; the stored participants are used', { storedAt, reason: outage.message })
  const { epochId, sourceUrl, trust, provenBy } = set
  const participants = await endpoints.addTo(set.participants, { signal })
  const network = { epochId, participants, sourceUrl, trust, provenBy }
  return { ...network, rejected, stale: true, storedAt, discoveryError: outage, network }
}

const NOTHING_STORED: LoadedSet = { set: undefined, problem: undefined }

/** A proof that fails is also the cause where sources failed in different ways. */
function isOutage(error: unknown): error is GonkaDiscoveryError {
  return error instanceof GonkaDiscoveryError && !(error.cause instanceof GonkaProofVerificationError)
}

async function withoutNetwork(
  { endpoints, signal }: FirstSetParts,
  discoveryError: GonkaError | undefined,
): Promise<FirstSet> {
  const participants = await endpoints.addTo([], { signal })
  const origin = { sourceUrl: undefined, trust: 'configured', provenBy: undefined, rejected: [] } as const
  return { participants, epochId: 0, ...origin, stale: false, storedAt: undefined, discoveryError, network: undefined }
}

function withProblem(error: GonkaDiscoveryError, problem: string): GonkaDiscoveryError {
  const { code, sourceUrl, statusCode } = error
  return new GonkaDiscoveryError(code, `${error.message} The stored participants cannot be used: ${problem}`, {
    sourceUrl,
    statusCode,
    cause: error,
  })
}
