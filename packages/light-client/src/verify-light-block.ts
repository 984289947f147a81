import { equalBytes, toHex } from './bytes.ts'
import { checkValidators, totalPower } from './check-validators.ts'
import { createVoteCheck, type VoteCheck } from './create-vote-check.ts'
import { refusal } from './errors.ts'
import { msToNs } from './time.ts'
import { checkTrustLevel, DEFAULT_TRUST_LEVEL } from './trust-level.ts'
import type { Commit, Ed25519Verify, Header, LightBlock, TrustedState, TrustLevel, Validator } from './types.ts'
import { checkLightBlock, verifyVotes } from './verify-commit.ts'

/** How far a clock of the network may be ahead of ours. */
export const DEFAULT_MAX_CLOCK_DRIFT_MS = 10_000

/** What {@link verifyLightBlock} checks. */
export interface VerifyLightBlockOptions {
  /** Where trust stands. To skip heights it needs its `nextValidators`. */
  readonly trusted: TrustedState
  /** The later block that is to be trusted. */
  readonly untrusted: LightBlock
  /** The time, in milliseconds since the Unix epoch. */
  readonly now: number
  /** How long validators answer for what they signed, in milliseconds. A header that is older is the basis of nothing. */
  readonly trustingPeriodMs: number
  /** Share of the trusted set that must have signed when heights are skipped, 1/3 to 1. @default 1/3 */
  readonly trustLevel?: TrustLevel | undefined
  /** How far a header may be ahead of `now`, in milliseconds. @default 10_000 */
  readonly maxClockDriftMs?: number | undefined
  /** Checks one signature. @default node:crypto and `@noble/curves` */
  readonly ed25519Verify?: Ed25519Verify | undefined
}

/** Verifies a later block from a trusted one: the next height by the set that the trusted header names, others by the share
 * of the trusted set that signed; and always by more than 2/3 of the block's own set.
 * @returns The new trusted state, with the same anchor.
 * @throws {GonkaProofVerificationError} `trust-level-invalid`, `trust-expired`, `clock-moved-back`, `height-not-increasing`,
 * `time-not-increasing`, `header-from-future`, `not-enough-trust` (a block in between may help), `validators-missing`,
 * and all codes of {@link verifyCommit}.
 * @throws {RangeError} when `now`, `trustingPeriodMs` or `maxClockDriftMs` is not a finite number, or a span is negative.
 * @example const next = verifyLightBlock({ trusted, untrusted, now: Date.now(), trustingPeriodMs: 86_400_000 })
 * @see CometBFT, light/verifier.go, `Verify` */
export function verifyLightBlock(options: VerifyLightBlockOptions): TrustedState {
  const { trusted, untrusted, trustLevel = DEFAULT_TRUST_LEVEL, ed25519Verify } = options
  const { chainId } = trusted.header
  checkTrustLevel(trustLevel)
  checkClock(options)
  const hash = checkLightBlock(untrusted, chainId)
  checkOrder(options)
  const checkVote = createVoteCheck({ chainId, commit: untrusted.commit, ed25519Verify })
  if (untrusted.header.height === trusted.header.height + 1n) checkAdjacent(trusted.header, untrusted.header)
  else checkOverlap({ trusted, commit: untrusted.commit, trustLevel, checkVote })
  verifyVotes(untrusted, checkVote)
  const { header, nextValidators } = untrusted
  if (nextValidators) checkValidators(nextValidators, header.nextValidatorsHash)
  return { header, hash, nextValidators: nextValidators ?? knownNext(untrusted), anchorHash: trusted.anchorHash }
}

/** Where trust stands, and the time. */
export type ClockInput = Pick<VerifyLightBlockOptions, 'trusted' | 'now' | 'trustingPeriodMs' | 'maxClockDriftMs'>

/** Refuses a basis that is too old, and a clock that was set back.
 * @throws {GonkaProofVerificationError} `trust-expired`, `clock-moved-back`. */
export function checkClock(input: ClockInput): void {
  checkClockForward(input)
  if (!isExpired(input)) return
  throw refusal(
    'trust-expired',
    `The trusted header ${input.trusted.header.height} is older than ${input.trustingPeriodMs} ms. Name a newer height and hash that you trust.`,
  )
}

/** Refuses a clock that was set back behind what was already seen: old headers would look fresh by it.
 * @throws {GonkaProofVerificationError} `clock-moved-back`. */
export function checkClockForward(input: ClockInput): void {
  const { nowNs, driftNs } = readClock(input)
  const { timeNs, height } = input.trusted.header
  if (timeNs < nowNs + driftNs) return
  throw refusal('clock-moved-back', `The trusted header ${height} is from the future. Is the clock set right?`)
}

/** Whether the trusting period of a state is over; it is in the very nanosecond in which it ends. */
export function isExpired(input: ClockInput): boolean {
  return input.trusted.header.timeNs + spanToNs(input.trustingPeriodMs, 'trustingPeriodMs') <= readClock(input).nowNs
}

function checkOrder(options: VerifyLightBlockOptions): void {
  const { header } = options.untrusted
  const { height, timeNs } = options.trusted.header
  if (header.height <= height) {
    throw refusal('height-not-increasing', `header.height must be above ${height}; got ${header.height}.`)
  }
  if (header.timeNs <= timeNs) {
    throw refusal('time-not-increasing', `header.time at height ${header.height} must be after that of ${height}.`)
  }
  const { nowNs, driftNs } = readClock(options)
  if (header.timeNs < nowNs + driftNs) return
  throw refusal(
    'header-from-future',
    `header.time at height ${header.height} must be less than ${driftNs / 1_000_000n} ms ahead of the clock. Is it set right?`,
  )
}

function checkAdjacent(trusted: Header, untrusted: Header): void {
  if (equalBytes(untrusted.validatorsHash, trusted.nextValidatorsHash)) return
  throw refusal(
    'validators-hash-mismatch',
    `Height ${untrusted.height} must have the set that ${trusted.height} names.`,
    {
      expectedHash: trusted.nextValidatorsHash,
      computedHash: untrusted.validatorsHash,
    },
  )
}

interface Overlap {
  readonly trusted: TrustedState
  readonly commit: Commit
  readonly trustLevel: TrustLevel
  readonly checkVote: VoteCheck
}

/** Counts the power of trusted validators that signed, up to what is needed. No address occurs twice in a checked commit. */
function checkOverlap({ trusted, commit, trustLevel, checkVote }: Overlap): void {
  const validators = trustedSet(trusted)
  const byAddress = new Map(validators.map((validator) => [toHex(validator.address), validator]))
  const needed = totalPower(validators) * trustLevel.numerator
  let signed = 0n
  for (const [index, { vote, validatorAddress }] of commit.signatures.entries()) {
    const validator = vote === 'commit' ? byAddress.get(toHex(validatorAddress)) : undefined
    if (!validator) continue
    checkVote(index, validator.publicKey)
    signed += validator.votingPower
    if (signed * trustLevel.denominator > needed) return
  }
  throw refusal(
    'not-enough-trust',
    `More than ${trustLevel.numerator}/${trustLevel.denominator} of the set trusted since height ${trusted.header.height} must have signed height ${commit.height}; got ${signed} of ${totalPower(validators)}.`,
  )
}

function trustedSet({ header, nextValidators }: TrustedState): readonly Validator[] {
  if (!nextValidators) {
    throw refusal(
      'validators-missing',
      `trusted.nextValidators is needed to skip from height ${header.height}: the set of height ${header.height + 1n}.`,
    )
  }
  checkValidators(nextValidators, header.nextValidatorsHash)
  return nextValidators
}

/** Most blocks keep their set: then the next one is known. */
function knownNext({ header, validators }: LightBlock): readonly Validator[] | undefined {
  return equalBytes(header.validatorsHash, header.nextValidatorsHash) ? validators : undefined
}

function readClock({
  now,
  maxClockDriftMs = DEFAULT_MAX_CLOCK_DRIFT_MS,
}: {
  now: number
  maxClockDriftMs?: number | undefined
}): {
  nowNs: bigint
  driftNs: bigint
} {
  return { nowNs: msToNs(now, 'now'), driftNs: spanToNs(maxClockDriftMs, 'maxClockDriftMs') }
}

function spanToNs(ms: number, field: string): bigint {
  if (ms < 0) throw new RangeError(`${field} must not be negative; got ${ms}.`)
  return msToNs(ms, field)
}
