import { type ProofOp, verifyChained } from '@gonka/ics23-verify'
import { GonkaConfigError, GonkaProofVerificationError } from '@gonka/protocol'
import { createActiveParticipantsKey, STORE_NAME } from './active-participants-key.ts'
import { checkFresh, checkNotFromFuture, type HeaderTimeLimits, headerTimeMs } from './check-header-time.ts'
import { checkToldList } from './check-told-list.ts'
import { createBlockSource } from './create-authentication.ts'
import { encodeHex } from './decode-bytes.ts'
import { decodeRecord, type EpochRecord } from './decode-record.ts'
import type { AuthenticateHeader, AuthenticHeader, RpcSettings } from './header-authentication.ts'
import type { EpochBundle } from './parse-bundle.ts'
import type { Epoch } from './parse-epoch.ts'
import { parseProvenBundle } from './parse-proven-bundle.ts'
import type { LedgerEntry, TrustLedger } from './trust-ledger.ts'
import type { ProvingHeader } from './types.ts'

/** Everything that proving needs beside the answer. */
export interface ProofContext extends RpcSettings, HeaderTimeLimits {
  readonly authenticate: AuthenticateHeader
  readonly ledger: TrustLedger
}

/** Whose answer it is, and about what. */
export interface ProofRequest {
  readonly sourceUrl: string
  readonly epoch: Epoch
  readonly signal?: AbortSignal | undefined
}

/** A list that is proven, and by what. */
export interface ProvenEpoch extends EpochBundle {
  readonly provenBy: ProvingHeader
}

/** More writers than this at one moment are no accident. */
const MAX_ATTEMPTS = 10

/** Proves a node's answer about an epoch: the list in it is the one that the chain stored, under a header that is trusted.
 * What is returned is decoded from the proven bytes, never from the JSON beside them.
 * @param json - The answer; anything.
 * @throws {GonkaProofVerificationError} saying what is wrong with it.
 * @throws {GonkaDiscoveryError} when the header cannot be fetched. @throws {GonkaConfigError} `trust-store-invalid`. */
export async function proveEpoch(json: unknown, request: ProofRequest, context: ProofContext): Promise<ProvenEpoch> {
  const bundle = parseProvenBundle(json)
  checkRecordSize(bundle.record)
  const record = decodeRecord(bundle.record, request.epoch)
  if (request.epoch === 'current') checkToldList(bundle.told, record.participants)
  const { header, hash } = await authenticateAndAdvance({ ...bundle, record, bytes: bundle.record }, request, context)
  return {
    epochId: record.epochNumber,
    participants: record.participants,
    malformed: [],
    excluded: bundle.excluded,
    provenBy: { height: Number(header.height), hash: encodeHex(hash), timeMs: headerTimeMs(header) },
  }
}

/** A proof holds the record, and is at most this large: a longer one is not worth decoding, which takes long. */
const MAX_RECORD_BYTES = 1_048_576

function checkRecordSize({ length }: Uint8Array): void {
  if (length <= MAX_RECORD_BYTES) return
  const message = `active_participants_bytes must be at most ${MAX_RECORD_BYTES} bytes, as proofs are; it is ${length}.`
  throw new GonkaProofVerificationError('proof-too-large', message)
}

/** A record, and the proof that comes with it. */
interface Claim {
  readonly record: EpochRecord
  readonly bytes: Uint8Array
  readonly ops: readonly ProofOp[]
}

/** Draws the conclusion from what is trusted, and makes it what is trusted; again, when somebody else was quicker. */
async function authenticateAndAdvance(
  claim: Claim,
  request: ProofRequest,
  context: ProofContext,
): Promise<AuthenticHeader> {
  const { ledger } = context
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const before = await ledger.read()
    const authentic = await verifyClaim(claim, { ...request, before }, context)
    const epochId = request.epoch === 'current' ? claim.record.epochNumber : before.epochId
    const state = authentic.state ?? before.state
    if (await ledger.replace(before, { chainId: before.chainId, epochId, state })) return authentic
  }
  throw new GonkaConfigError('trust-store-invalid', 'trustStore keeps changing; is it used for several chains?', {
    field: 'trustStore',
  })
}

async function verifyClaim(
  { record, bytes, ops }: Claim,
  { sourceUrl, epoch, signal, before }: ProofRequest & { before: LedgerEntry },
  context: ProofContext,
): Promise<AuthenticHeader> {
  if (epoch === 'current') checkNotOlder(record.epochNumber, before.epochId)
  const source = createBlockSource(sourceUrl, context)
  const height = record.headerHeight
  const authentic = await context.authenticate({ sourceUrl, source, height, known: before.state, signal })
  const { appHash } = authentic.header
  const key = createActiveParticipantsKey(record.epochId)
  verifyChained({ ops, appHash, store: STORE_NAME, key, value: bytes })
  checkNotFromFuture(authentic.header, context)
  if (epoch === 'current') checkFresh(authentic.header, context)
  return authentic
}

/** An old epoch is proven as well as a new one; only memory tells that the chain has moved on. */
function checkNotOlder(epochId: number, provenEpochId: number): void {
  if (epochId >= provenEpochId) return
  const message = `epoch ${epochId} is given as the one in force, but epoch ${provenEpochId} was proven before.`
  throw new GonkaProofVerificationError('epoch-stale', message)
}
