import { parseTrust } from '@gonka/discovery'
import { GonkaConfigError, type GonkaParticipant } from '@gonka/protocol'
import type { SignatureScheme, Signer } from '@gonka/signer'
import type { GonkaBroker } from '../brokers/gonka-broker.ts'
import { mergeOptions, type UncheckedOptions } from '../config-options.ts'
import { processEnvironment, readEnvironment } from '../read-environment.ts'
import { type ProofFields, resolveProofs } from '../resolve-proofs.ts'
import { resolveSigner } from '../resolve-signer.ts'
import { resolveParticipantStore } from '../resolve-store.ts'
import { parsePlainFields } from '../schemas.ts'
import { type Collect, readBrokers, readEndpoints, readSourceUrls } from './read-lists.ts'
import type { DoctorOptions } from './types.ts'

/** The settings, each checked on its own: where `GonkaConfig` stops at the first that is wrong, a doctor names them all. */
export interface DoctorSettings {
  /** Options over the environment, unchecked; holds keys. */
  readonly merged: UncheckedOptions
  readonly sourceUrls: readonly string[]
  readonly endpoints: readonly GonkaParticipant[]
  readonly brokers: readonly GonkaBroker[]
  readonly proofs: ProofFields
  readonly allowPrivateHosts: boolean
  readonly scheme: SignatureScheme
  /** Signs with the key; its address is the key's own. Undefined without a usable key. */
  readonly signer: Signer | undefined
  /** Account that requests are signed for: `address` if given, else the key's own; undefined when neither is usable. */
  readonly requesterAddress: string | undefined
  readonly keyProblem: Error | undefined
  readonly addressProblem: Error | undefined
  /** Everything else that is wrong. */
  readonly problems: readonly Error[]
}

const UNPROVEN: ProofFields = { verifyProofs: false, trust: undefined, chainId: undefined, trustStore: undefined }

/** Reads the settings: options over the environment over defaults. Wrong ones are listed, and count as not given. */
export function readSettings(options: DoctorOptions): DoctorSettings {
  const merged = mergeOptions(options as UncheckedOptions, readEnvironment(options.env ?? processEnvironment()))
  const problems: Error[] = []
  const collect: Collect = (read, fallback) => attempt(read, fallback, (problem) => problems.push(problem))
  const sourceUrls = readSourceUrls(merged, collect)
  const endpoints = readEndpoints(merged, collect)
  const brokers = readBrokers(merged, collect)
  const proofs = readProofs(merged, collect)
  const plain = collect(() => parsePlainFields(merged), undefined)
  collect(() => resolveParticipantStore(merged), undefined)
  const isNobody = sourceUrls.length + endpoints.length + brokers.length === 0
  if (isNobody && problems.length === 0) problems.push(nothingConfigured())
  return {
    merged,
    sourceUrls,
    endpoints,
    brokers,
    proofs,
    allowPrivateHosts: plain?.allowPrivateHosts ?? merged.allowPrivateHosts === true,
    scheme: plain?.scheme ?? 'v2',
    problems,
    ...readIdentity(merged, wantsParticipants(merged)),
  }
}

/** A trust and what goes with it, each checked on its own. */
function readProofs(merged: UncheckedOptions, collect: Collect): ProofFields {
  const { trust } = merged
  const isUsable = trust === undefined || collect(() => parseTrust(trust), undefined) !== undefined
  const fields = collect(() => resolveProofs(isUsable ? merged : { ...merged, trust: 'first-use' }), UNPROVEN)
  return isUsable ? fields : UNPROVEN
}

/** Whether somebody is meant to take signed requests, also where the setting that names them is wrong. */
function wantsParticipants({ sourceUrl, sourceUrls, endpoints }: UncheckedOptions): boolean {
  return [sourceUrl, sourceUrls, endpoints].some(
    (given) => given !== undefined && !(Array.isArray(given) && !given.length),
  )
}

type Identity = Pick<DoctorSettings, 'signer' | 'requesterAddress' | 'keyProblem' | 'addressProblem'>

function readIdentity(merged: UncheckedOptions, required: boolean): Identity {
  let keyProblem: Error | undefined
  let addressProblem: Error | undefined
  const own = attempt(
    () => resolveSigner({ ...merged, address: undefined }, { required }),
    undefined,
    (problem) => {
      keyProblem = problem
    },
  )
  const named =
    own &&
    attempt(
      () => resolveSigner(merged, { required }),
      undefined,
      (problem) => {
        addressProblem = problem
      },
    )
  return { signer: own, requesterAddress: named?.address, keyProblem, addressProblem }
}

function attempt<T>(read: () => T, fallback: T, onProblem: (problem: Error) => void): T {
  try {
    return read()
  } catch (error) {
    onProblem(error instanceof GonkaConfigError ? error : new Error('a setting could not be read.'))
    return fallback
  }
}

function nothingConfigured(): GonkaConfigError {
  return new GonkaConfigError('config-invalid', 'no source, endpoint or broker is configured.')
}
