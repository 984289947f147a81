import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BLOCK_NS, clockAt, createChain, START_NS, signBlock } from './fixtures/chain.ts'
import { bytesWith } from './fixtures/change-bytes.ts'
import { createMembers, type Member, validatorsOf } from './fixtures/members.ts'
import { refusalOf } from './fixtures/refusals.ts'
import { hashValidators } from './hash-validators.ts'
import type { Header, LightBlock } from './types.ts'
import { type VerifyLightBlockOptions, verifyLightBlock } from './verify-light-block.ts'

const DAY_MS = 86_400_000
const FOUR = createMembers({ a: 10n, b: 10n, c: 10n, d: 10n })
const CHAIN = createChain({ length: 10, members: () => FOUR })

function options(change: Partial<VerifyLightBlockOptions> = {}): VerifyLightBlockOptions {
  const untrusted = CHAIN.block(9n)
  return { trusted: CHAIN.trusted(2n), untrusted, now: clockAt(9n), trustingPeriodMs: DAY_MS, ...change }
}

const verdict = (change: Partial<VerifyLightBlockOptions> = {}): string =>
  refusalOf(() => verifyLightBlock(options(change)))

/** A signed block whose header differs in some fields from that of the chain. */
function blockWith(height: bigint, fields: Partial<Header>, members: readonly Member[] = FOUR): LightBlock {
  return signBlock(
    { ...CHAIN.header(height), validatorsHash: hashValidators(validatorsOf(members)), ...fields },
    members,
  )
}

describe('a later block', () => {
  test('becomes the new trusted state, with the anchor of the old one', () => {
    const next = verifyLightBlock(options())
    expect(next).toEqual({ ...CHAIN.trusted(9n), anchorHash: CHAIN.hash(2n) })
  })

  test('of the next height needs no next set, and takes the one that it is given', () => {
    const trusted = { ...CHAIN.trusted(2n), nextValidators: undefined }
    const untrusted = { ...CHAIN.block(3n), nextValidators: validatorsOf(FOUR) }
    expect(verifyLightBlock(options({ trusted, untrusted })).nextValidators).toEqual(validatorsOf(FOUR))
  })

  test('that ends its set leaves the next one open', () => {
    const other = createMembers({ e: 1n, f: 1n })
    const chain = createChain({ length: 5, members: (height) => (height <= 3n ? FOUR : other) })
    const next = verifyLightBlock(options({ trusted: chain.trusted(2n), untrusted: chain.block(3n) }))
    expect(next.nextValidators).toBeUndefined()
    const untrusted = { ...chain.block(3n), nextValidators: validatorsOf(other) }
    expect(verifyLightBlock(options({ trusted: chain.trusted(2n), untrusted })).nextValidators).toHaveLength(2)
    const wrong = { ...chain.block(3n), nextValidators: validatorsOf(FOUR) }
    expect(verdict({ trusted: chain.trusted(2n), untrusted: wrong })).toBe('validators-hash-mismatch')
  })

  test('needs its own two thirds besides the trusted third', () => {
    const untrusted = signBlock(CHAIN.header(9n), FOUR, ['commit', 'commit', 'absent', 'absent'])
    expect(verdict({ untrusted })).toBe('not-enough-power')
    expect(verdict({ trusted: CHAIN.trusted(8n), untrusted })).toBe('not-enough-power')
  })

  test('is checked whole also when the trusted share is reached early', () => {
    const { signatures } = CHAIN.block(9n).commit
    const last = signatures.at(-1)!
    const bad = [...signatures.slice(0, -1), { ...last, signature: bytesWith(last.signature, 40, 2) }]
    const untrusted = { ...CHAIN.block(9n), commit: { ...CHAIN.block(9n).commit, signatures: bad } }
    expect(verdict({ untrusted })).toBe('signature-invalid')
  })

  test('is refused before its own set is checked when the trusted votes are bad', () => {
    const untrusted = blockWith(9n, {}, createMembers({ x: 500n, y: 400n, a: 300n }))
    const trusted = createChain({ length: 2, members: () => createMembers({ a: 3n }) }).trusted(2n)
    let checks = 0
    const ed25519Verify = (): boolean => {
      checks++
      return false
    }
    expect(verdict({ trusted, untrusted, ed25519Verify })).toBe('signature-invalid')
    expect(checks).toBe(1)
    const asked: Uint8Array[] = []
    verdict({ trusted, untrusted, ed25519Verify: ({ publicKey }) => asked.push(publicKey) > 1 })
    expect(asked).toEqual([createMembers({ a: 1n })[0]!.validator.publicKey])
  })

  test('costs one signature check for each vote', () => {
    let checks = 0
    verifyLightBlock(options({ ed25519Verify: () => ++checks > 0 }))
    expect(checks).toBe(4)
  })
})

describe('must be rejected', () => {
  const timeMs = Number(CHAIN.header(2n).timeNs) / 1e6

  test('(57) a trusted header that expired, exactly at the edge', () => {
    const startMs = Math.floor(timeMs)
    const exact = { ...CHAIN.trusted(2n), header: { ...CHAIN.header(2n), timeNs: BigInt(startMs) * 1_000_000n } }
    const later = { trusted: exact, trustingPeriodMs: 60_000 }
    expect(verdict({ ...later, now: startMs + 59_999 })).toBe('accepted')
    expect(verdict({ ...later, now: startMs + 60_000 })).toBe('trust-expired')
    expect(verdict({ ...later, now: startMs + 60_001 })).toBe('trust-expired')
    const oneNsYounger = { ...exact, header: { ...exact.header, timeNs: exact.header.timeNs + 1n } }
    expect(verdict({ ...later, trusted: oneNsYounger, now: startMs + 60_000 })).toBe('accepted')
  })

  test('(58) a header from the future, exactly at the drift edge', () => {
    const now = clockAt(9n, 0)
    const nowNs = BigInt(now) * 1_000_000n
    const at = (timeNs: bigint): LightBlock => blockWith(9n, { timeNs })
    expect(verdict({ now, untrusted: at(nowNs + 10_000_000_000n) })).toBe('header-from-future')
    expect(verdict({ now, untrusted: at(nowNs + 9_999_999_999n) })).toBe('accepted')
    expect(verdict({ now, maxClockDriftMs: 0, untrusted: at(nowNs) })).toBe('header-from-future')
    expect(verdict({ now, maxClockDriftMs: 0, untrusted: at(nowNs - 1n) })).toBe('accepted')
  })

  test('(59) a height or time that is equal or lower', () => {
    expect(verdict({ untrusted: CHAIN.block(2n) })).toBe('height-not-increasing')
    expect(verdict({ untrusted: CHAIN.block(1n) })).toBe('height-not-increasing')
    const { timeNs } = CHAIN.header(2n)
    expect(verdict({ untrusted: blockWith(9n, { timeNs }) })).toBe('time-not-increasing')
    expect(verdict({ untrusted: blockWith(9n, { timeNs: timeNs - 1n }) })).toBe('time-not-increasing')
    expect(verdict({ untrusted: blockWith(9n, { timeNs: timeNs + 1n }) })).toBe('accepted')
  })

  test('(60) the next height with another set than was named', () => {
    const invented = createMembers({ x: 10n, y: 10n })
    expect(verdict({ untrusted: blockWith(3n, {}, invented) })).toBe('validators-hash-mismatch')
    const grown = createMembers({ a: 10n, b: 10n, c: 10n, d: 11n })
    expect(verdict({ untrusted: blockWith(3n, {}, grown) })).toBe('validators-hash-mismatch')
  })

  test('(61) a skip that exactly a third of the trusted power signed', () => {
    const three = createMembers({ a: 10n, b: 10n, c: 10n })
    const overlap = (power: bigint): LightBlock => {
      const members = createMembers({ a: power, x: 100n, y: 100n })
      return blockWith(9n, {}, members)
    }
    const chain = createChain({ length: 3, members: () => three })
    expect(verdict({ trusted: chain.trusted(2n), untrusted: overlap(10n) })).toBe('not-enough-trust')
    expect(verdict({ trusted: chain.trusted(2n), untrusted: overlap(1_000n) })).toBe('not-enough-trust')
    const more = createChain({ length: 3, members: () => createMembers({ a: 11n, b: 10n, c: 10n }) })
    expect(verdict({ trusted: more.trusted(2n), untrusted: overlap(10n) })).toBe('accepted')
  })

  test('(61) a skip by a set that nobody knows', () => {
    expect(verdict({ untrusted: blockWith(9n, {}, createMembers({ x: 1n, y: 1n })) })).toBe('not-enough-trust')
  })

  test('(61) a skip that trusted validators voted nil on', () => {
    const members = createMembers({ a: 10n, x: 100n })
    const chain = createChain({ length: 3, members: () => createMembers({ a: 10n, b: 1n }) })
    const header = { ...CHAIN.header(9n), validatorsHash: hashValidators(validatorsOf(members)) }
    const untrusted = signBlock(header, members, ['commit', 'nil'])
    expect(verdict({ trusted: chain.trusted(2n), untrusted })).toBe('not-enough-trust')
  })

  test('(62) a skip in which a trusted validator votes twice', () => {
    const [a] = createMembers({ a: 10n }) as [Member]
    const others = createMembers({ x: 3n })
    expect(verdict({ untrusted: blockWith(9n, {}, [a, a, ...others]) })).toBe('validators-invalid')
    const honest = blockWith(9n, {}, [a, ...others, ...createMembers({ y: 2n })])
    const [vote, , ...rest] = honest.commit.signatures as [never, never]
    const untrusted = { ...honest, commit: { ...honest.commit, signatures: [vote, vote, ...rest] } }
    expect(verdict({ untrusted })).toBe('commit-invalid')
  })

  test('(63) a trusted set that is not the one named', () => {
    const nextValidators = validatorsOf(createMembers({ x: 1n }))
    expect(verdict({ trusted: { ...CHAIN.trusted(2n), nextValidators } })).toBe('validators-hash-mismatch')
    expect(verdict({ trusted: { ...CHAIN.trusted(2n), nextValidators: [] } })).toBe('validators-invalid')
    expect(verdict({ trusted: { ...CHAIN.trusted(2n), nextValidators: undefined } })).toBe('validators-missing')
  })

  test.each([
    [1n, 4n, 'trust-level-invalid'],
    [0n, 1n, 'trust-level-invalid'],
    [4n, 3n, 'trust-level-invalid'],
    [-1n, -3n, 'trust-level-invalid'],
    [1n, 0n, 'trust-level-invalid'],
    [0n, 0n, 'trust-level-invalid'],
    [333_333n, 1_000_000n, 'trust-level-invalid'],
    [1n, 3n, 'accepted'],
    [2n, 3n, 'accepted'],
    [1n, 1n, 'not-enough-trust'],
  ])('(64) the trust level %i/%i is %s', (numerator, denominator, expected) => {
    expect(verdict({ trustLevel: { numerator, denominator } })).toBe(expected)
  })

  test('(64) a trust level that not all reach', () => {
    const untrusted = signBlock(CHAIN.header(9n), FOUR, ['commit', 'commit', 'commit', 'absent'])
    expect(verdict({ untrusted, trustLevel: { numerator: 3n, denominator: 4n } })).toBe('not-enough-trust')
    expect(verdict({ untrusted, trustLevel: { numerator: 74n, denominator: 100n } })).toBe('accepted')
  })

  test('(71) a clock that was moved back behind the trusted header', () => {
    const untrusted = CHAIN.block(9n)
    const now = Number(CHAIN.header(2n).timeNs / 1_000_000n) - 10_001
    expect(verdict({ untrusted, now })).toBe('clock-moved-back')
    const edge = { ...CHAIN.header(2n), timeNs: BigInt(now + 10_000) * 1_000_000n }
    expect(verdict({ untrusted, now, trusted: { ...CHAIN.trusted(2n), header: edge } })).toBe('clock-moved-back')
    expect(verdict({ untrusted: CHAIN.block(3n), now: now + 2_001 + 5_000, maxClockDriftMs: 10_000 })).toBe('accepted')
  })

  test('a block of another chain', () => {
    expect(verdict({ untrusted: blockWith(9n, { chainId: 'gonka-test-2' }) })).toBe('chain-id-mismatch')
  })

  test.each([
    ['now', { now: Number.NaN }],
    ['now', { now: Number.POSITIVE_INFINITY }],
    ['trustingPeriodMs', { trustingPeriodMs: -1 }],
    ['trustingPeriodMs', { trustingPeriodMs: Number.POSITIVE_INFINITY }],
    ['maxClockDriftMs', { maxClockDriftMs: -1 }],
  ])('a wrong %s of the caller', (field, change) => {
    expect(() => verifyLightBlock(options(change))).toThrow(RangeError)
    expect(() => verifyLightBlock(options(change))).toThrow(field)
  })
})

describe('whatever is changed', () => {
  const block = CHAIN.block(9n)
  const byteFields = Object.entries(block.header).filter(([, value]) => value instanceof Uint8Array) as [
    keyof Header,
    Uint8Array,
  ][]

  test.each(byteFields)('every bit of the %s of a header counts', (field, bytes) => {
    const accepted: number[] = []
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const header = { ...block.header, [field]: bytesWith(bytes, bit >> 3, 1 << (bit & 7)) }
      if (verdict({ untrusted: { ...block, header } }) === 'accepted') accepted.push(bit)
    }
    expect(accepted).toEqual([])
  })

  test('every bit of a commit counts', () => {
    fc.assert(
      fc.property(fc.nat(3), fc.constantFrom('signature', 'validatorAddress'), fc.nat(511), (index, field, bit) => {
        const entry = block.commit.signatures[index]!
        const bytes = entry[field as 'signature' | 'validatorAddress']
        const changed = bytesWith(bytes, (bit >> 3) % bytes.length, 1 << (bit & 7))
        const signatures = block.commit.signatures.map((one, i) => (i === index ? { ...entry, [field]: changed } : one))
        expect(verdict({ untrusted: { ...block, commit: { ...block.commit, signatures } } })).not.toBe('accepted')
      }),
    )
  })

  test('every bit of a number counts', () => {
    const flip = fc.record({ bit: fc.bigInt({ min: 0n, max: 62n }), index: fc.nat(3) })
    fc.assert(
      fc.property(flip, ({ bit, index }) => {
        const mask = 1n << bit
        const { header, commit, validators } = block
        const entry = commit.signatures[index]!
        const signatures = commit.signatures.map((one, i) =>
          i === index ? { ...entry, timeNs: entry.timeNs ^ mask } : one,
        )
        const members = validators.map((one, i) =>
          i === index ? { ...one, votingPower: one.votingPower ^ mask } : one,
        )
        for (const untrusted of [
          { ...block, header: { ...header, height: header.height ^ mask } },
          { ...block, header: { ...header, timeNs: header.timeNs ^ mask } },
          { ...block, commit: { ...commit, signatures } },
          { ...block, validators: members },
        ]) {
          expect(verdict({ untrusted })).not.toBe('accepted')
        }
      }),
    )
  })

  test('the line at 2/3 is exact for any powers and any voters', () => {
    const voter = fc.record({ power: fc.bigInt({ min: 1n, max: 2n ** 50n }), votes: fc.boolean() })
    fc.assert(
      fc.property(fc.array(voter, { minLength: 1, maxLength: 6 }), (voters) => {
        const members = createMembers(Object.fromEntries(voters.map(({ power }, index) => [`m${index}`, power])))
        const sum = (powers: bigint[]): bigint => powers.reduce((total, power) => total + power, 0n)
        const choices = members.map((_, index) => (voters[index]!.votes ? 'commit' : 'nil') as 'commit' | 'nil')
        const signed = sum(members.filter((_, index) => voters[index]!.votes).map((m) => m.validator.votingPower))
        const chain = createChain({ length: 1, members: () => members })
        const untrusted = signBlock(
          { ...chain.header(1n), height: 2n, timeNs: START_NS + 2n * BLOCK_NS },
          members,
          choices,
        )
        const expected = signed * 3n > 2n * sum(voters.map(({ power }) => power)) ? 'accepted' : 'not-enough-power'
        expect(verdict({ trusted: chain.trusted(1n), untrusted, now: clockAt(2n) })).toBe(expected)
      }),
    )
  })
})
