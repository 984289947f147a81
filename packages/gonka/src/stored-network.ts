import { type GonkaParticipant, isPrivateHost } from '@gonka/protocol'
import { createParticipantArchive, type LoadedSet, type ParticipantArchive, type StoredSet } from '@gonka/refresh'
import type { GonkaConfig } from './gonka-config.ts'
import type { RegisterGonkaModelsOptions } from './types.ts'

/** Makes the archive of a configuration; undefined when nothing is to be stored.
 * What is read from it passes the rules of the configuration once more. */
export function createArchive(
  config: GonkaConfig,
  options: RegisterGonkaModelsOptions,
): ParticipantArchive | undefined {
  const { participantStore, sourceUrls } = config
  if (participantStore === undefined || sourceUrls.length === 0) return undefined
  const { logger, now = () => Date.now(), discovery = {} } = options
  const archive = createParticipantArchive(participantStore, { network: describeNetwork(config), logger, now })
  return {
    save: (set) => archive.save(set),
    async load(given) {
      const loaded = await archive.load(given)
      return loaded.set ? applyRules(loaded.set, { ...config, ...discovery, nowMs: now() }) : loaded
    },
  }
}

/** What a stored set belongs to. Lists from elsewhere, of another chain, or proven on another word are not this network's. */
function describeNetwork({ chainId, sourceUrls, verifyProofs, trust }: GonkaConfig): string {
  const named = typeof trust === 'object' && 'witnesses' in trust
  const word = named ? { ...trust, witnesses: [...trust.witnesses].sort() } : trust
  return JSON.stringify({
    chainId: chainId ?? null,
    sources: [...sourceUrls].sort(),
    trust: verifyProofs ? word : 'none',
  })
}

interface LoadRules {
  readonly verifyProofs: boolean
  readonly allowPrivateHosts: boolean
  readonly transferAgents?: readonly string[] | undefined
  readonly maxAgeMs?: number | undefined
  readonly maxClockDriftMs?: number | undefined
  readonly nowMs: number
}

/** Discovery has applied its rules before the set was stored; the configuration may have changed since. */
function applyRules(set: StoredSet, rules: LoadRules): LoadedSet {
  const problem = rules.verifyProofs ? findProofProblem(set, rules) : undefined
  if (problem) return { set: undefined, problem }
  const participants = set.participants.filter((participant) => isAllowed(participant, rules))
  if (participants.length > 0) return { set: { ...set, participants }, problem: undefined }
  return { set: undefined, problem: 'participantStore names nobody whom the configuration lets take requests.' }
}

/** The ages that discovery accepts, by its defaults: a source that is silent must not be able to hold back time. */
function findProofProblem({ provenBy }: StoredSet, rules: LoadRules): string | undefined {
  const { maxAgeMs = 90_000_000, maxClockDriftMs = 10_000, nowMs } = rules
  if (provenBy === undefined) return 'participantStore holds a list that is not proven.'
  const ageMs = nowMs - provenBy.timeMs
  if (ageMs <= maxAgeMs && ageMs >= -maxClockDriftMs) return undefined
  return `participantStore holds a list that was proven at ${new Date(provenBy.timeMs).toISOString()}; the limit is maxAgeMs, ${maxAgeMs} ms.`
}

function isAllowed({ address, inferenceUrl }: GonkaParticipant, rules: LoadRules): boolean {
  const { allowPrivateHosts, transferAgents = [] } = rules
  const mayTake = transferAgents.length === 0 || transferAgents.some((each) => each.toLowerCase() === address)
  return mayTake && (allowPrivateHosts || !isPrivateHost(new URL(inferenceUrl).hostname))
}
