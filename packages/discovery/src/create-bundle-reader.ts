import { GonkaDiscoveryError, GonkaProofVerificationError } from '@gonka/protocol'
import { checkEntryCount, checkModelCount } from './check-entry-count.ts'
import { createAuthentication } from './create-authentication.ts'
import { type EpochBundle, parseBundle } from './parse-bundle.ts'
import { type ProofContext, type ProofRequest, proveEpoch } from './prove-epoch.ts'
import type { DiscoverySettings } from './resolve-options.ts'
import type { ProofSettings } from './resolve-proof-options.ts'
import { SourceError } from './source-error.ts'
import { TrustLedger } from './trust-ledger.ts'
import type { DiscoveryLogger, DiscoveryResult } from './types.ts'
import { WitnessConflictError } from './witness-conflict-error.ts'

/** A source's list of an epoch, and how far it can be trusted. */
export interface FoundEpoch extends EpochBundle, Pick<DiscoveryResult, 'trust' | 'provenBy'> {}

/** Turns a source's answer into a list, or throws what is wrong with it. */
export type ReadBundle = (json: unknown, request: ProofRequest) => Promise<FoundEpoch>

/** Makes the way of reading that the settings ask for: on the source's word, or by proof. */
export function createBundleReader(settings: DiscoverySettings): ReadBundle {
  const read = settings.proof ? createProvingReader(settings, settings.proof) : readUnproven
  return async (json, request) => {
    checkEntryCount(json, request.sourceUrl)
    const found = await read(json, request)
    checkModelCount(found.participants, request.sourceUrl)
    return found
  }
}

async function readUnproven(json: unknown, request: ProofRequest): Promise<FoundEpoch> {
  return { ...parseBundle(json, request), trust: 'none', provenBy: undefined }
}

function createProvingReader(settings: DiscoverySettings, proof: ProofSettings): ReadBundle {
  const context: ProofContext = {
    ...settings,
    ...proof,
    authenticate: createAuthentication(proof.trust, { ...settings, ...proof }),
    ledger: new TrustLedger(proof.trustStore, { ...settings, ...proof }),
  }
  const trust = describeTrust(proof)
  return async (json, request) => {
    try {
      return { ...(await proveEpoch(json, request, context)), trust }
    } catch (error) {
      throw attribute(error, request.sourceUrl, settings.logger)
    }
  }
}

function describeTrust({ trust }: ProofSettings): DiscoveryResult['trust'] {
  if (trust === 'first-use') return trust
  return 'hash' in trust ? 'anchored' : 'agreed'
}

/** Says whose answer it was, and whether asking the same source again may help. */
function attribute(error: unknown, sourceUrl: string, logger: DiscoveryLogger | undefined): unknown {
  if (error instanceof WitnessConflictError) return error
  if (error instanceof GonkaDiscoveryError) return toSourceError(error, sourceUrl)
  if (!(error instanceof GonkaProofVerificationError)) return error
  const { code, message, expectedHash, computedHash, proofType } = error
  logger?.warn('A source gave a list of participants that is not proven; it is not used.', { sourceUrl, code })
  const details = { expectedHash, computedHash, proofType, cause: error }
  return new GonkaProofVerificationError(code, `The list of ${sourceUrl} is not proven: ${message}`, details)
}

/** The chain's RPC failed, which says nothing about the list: no connection, an overloaded node, a block it has not got yet. */
function toSourceError(error: GonkaDiscoveryError, sourceUrl: string): SourceError {
  const { code, message, statusCode } = error
  const retryable = PASSING_CODES.includes(code) && (statusCode === undefined || isPassingStatus(statusCode))
  return new SourceError(code, message, { sourceUrl, statusCode, retryable, cause: error })
}

const PASSING_CODES: readonly string[] = ['discovery-failed', 'discovery-timeout', 'discovery-answer-invalid']

/** A success can hold an error of the RPC. */
function isPassingStatus(statusCode: number): boolean {
  return statusCode < 300 || statusCode === 408 || statusCode === 429 || statusCode >= 500
}
