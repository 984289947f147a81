import { parseBlockTime } from '@gonka/protocol'
import { describe, expect, test } from 'vitest'
import { HAS_VECTORS, listVectors, readVector } from './fixtures/vectors.ts'
import { hashHeader } from './hash-header.ts'
import { parseSignedHeader } from './parse-signed-header.ts'
import { parseValidators } from './parse-validators.ts'
import type { LightBlock, TrustedState, Validator } from './types.ts'
import { verifyLightBlock } from './verify-light-block.ts'

interface Step {
  readonly block: Record<'signed_header' | 'validator_set' | 'next_validator_set', { validators: unknown }>
  readonly now: string
  readonly verdict: string
}

/** The files list validators in the order in which they were made up; the chain's order is by power, then by address. */
function sorted(set: { validators: unknown }): readonly Validator[] {
  const rank = ({ votingPower, address }: Validator): string =>
    `${(2n ** 63n - votingPower).toString().padStart(20, '0')}${Buffer.from(address).toString('hex')}`
  return [...parseValidators(set.validators)].sort((a, b) => (rank(a) < rank(b) ? -1 : 1))
}

function toBlock({ block }: Step): LightBlock {
  return {
    ...parseSignedHeader(block.signed_header),
    validators: sorted(block.validator_set),
    nextValidators: sorted(block.next_validator_set),
  }
}

function verdictOf(run: () => void): string {
  try {
    run()
    return 'SUCCESS'
  } catch (error) {
    const { name, code } = error as { name: string; code: string }
    expect(name).toBe('GonkaProofVerificationError')
    return code === 'not-enough-trust' ? 'NOT_ENOUGH_TRUST' : 'INVALID'
  }
}

describe.skipIf(!HAS_VECTORS)('model-based cases of tendermint-rs', () => {
  const files = HAS_VECTORS ? listVectors('lightclient/tendermint-rs/model_based/single_step') : ['']

  test.each(files)('%s', (path) => {
    const { initial, input } = readVector(path)
    const { header } = parseSignedHeader(initial.signed_header)
    const hash = hashHeader(header)
    let trusted: TrustedState = { header, hash, anchorHash: hash, nextValidators: sorted(initial.next_validator_set) }
    const verdicts = (input as Step[]).map((step) =>
      verdictOf(() => {
        trusted = verifyLightBlock({
          trusted,
          untrusted: toBlock(step),
          now: Number(parseBlockTime(step.now)) / 1e6,
          trustingPeriodMs: Number(initial.trusting_period) / 1e6,
          maxClockDriftMs: 0,
        })
      }),
    )
    expect(verdicts).toEqual((input as Step[]).map(({ verdict }) => verdict))
  })
})
