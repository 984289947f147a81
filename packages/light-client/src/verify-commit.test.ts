import { describe, expect, test } from 'vitest'
import { createVoteCheck } from './create-vote-check.ts'
import { ABSENT, blockIdOf, type Choice, createHeader, digest, signBlock, signCommit } from './fixtures/chain.ts'
import { bytesWith } from './fixtures/change-bytes.ts'
import { createMember, createMembers, type Member, sortMembers, validatorsOf } from './fixtures/members.ts'
import { refusalOf } from './fixtures/refusals.ts'
import { hashHeader } from './hash-header.ts'
import { hashValidators, validatorAddress } from './hash-validators.ts'
import type { Commit, CommitSignature, Header, LightBlock } from './types.ts'
import { verifyCommit } from './verify-commit.ts'

const CHAIN_ID = 'gonka-test-1'
const MEMBERS = createMembers({ a: 40n, b: 30n, c: 20n, d: 10n })
const BLOCK = blockOf(MEMBERS)

function blockOf(
  members: readonly Member[],
  fields: Partial<Header> = {},
  choices: readonly Choice[] = [],
): LightBlock {
  return signBlock(createHeader({ validatorsHash: hashValidators(validatorsOf(members)), ...fields }), members, choices)
}

function verify(block: LightBlock, chainId = CHAIN_ID): string {
  return refusalOf(() => verifyCommit({ chainId, ...block }))
}

/** The honest block with one entry of its commit changed. */
function withEntry(index: number, change: Partial<CommitSignature>): LightBlock {
  const signatures = BLOCK.commit.signatures.map((entry, i) => (i === index ? { ...entry, ...change } : entry))
  return { ...BLOCK, commit: { ...BLOCK.commit, signatures } }
}

function withCommit(change: Partial<Commit>): LightBlock {
  return { ...BLOCK, commit: { ...BLOCK.commit, ...change } }
}

/** A set is swapped for another, and the header is signed anew so that only the set can be at fault. */
function resigned(validators: LightBlock['validators'], members = MEMBERS): LightBlock {
  return { ...blockOf(members, { validatorsHash: hashValidators(validators) }), validators }
}

describe('an honest commit', () => {
  test('gives the hash of its header', () => {
    expect(verifyCommit({ chainId: CHAIN_ID, ...BLOCK })).toEqual(hashHeader(BLOCK.header))
  })

  test('may hold nil and absent votes next to more than 2/3', () => {
    expect(verify(blockOf(MEMBERS, {}, ['commit', 'commit', 'nil', 'absent']))).toBe('accepted')
  })

  test('may be of a later round, of the first height, or far above 2^31', () => {
    const first = { height: 1n, lastBlockId: { hash: new Uint8Array(0), partsTotal: 0, partsHash: new Uint8Array(0) } }
    expect(verify(blockOf(MEMBERS, first))).toBe('accepted')
    expect(verify(blockOf(MEMBERS, { height: 2n ** 63n - 1n }))).toBe('accepted')
    const { header, commit } = BLOCK
    const late = signCommit({ header, members: MEMBERS, blockId: commit.blockId, round: 2 ** 31 - 1 })
    expect(verify({ ...BLOCK, commit: late })).toBe('accepted')
  })

  test('may be that of a chain with a version of its application, and of a single validator', () => {
    expect(verify(blockOf(createMembers({ alone: 1n }), { version: { block: 11n, app: 5n } }))).toBe('accepted')
  })

  test('may write the time of absent votes as Go does, or as protobuf does', () => {
    const block = blockOf(MEMBERS, {}, ['commit', 'commit', 'commit', 'absent'])
    const signatures = [...block.commit.signatures.slice(0, 3), { ...ABSENT, timeNs: 0n }]
    expect(verify({ ...block, commit: { ...block.commit, signatures } })).toBe('accepted')
  })

  test('may hold a signature that only ZIP-215 takes, by a key of small order', () => {
    const publicKey = bytesWith(new Uint8Array(32), 0, 1)
    const point = Buffer.from('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05', 'hex')
    const signature = Uint8Array.of(...point, ...new Uint8Array(32))
    const validator = { address: validatorAddress(publicKey), publicKey, votingPower: 5n }
    expect(verify(blockOf([...MEMBERS, { validator, sign: () => signature }]))).toBe('accepted')
    expect(verify(blockOf([...MEMBERS, { validator, sign: () => bytesWith(signature, 63, 1) }]))).toBe(
      'signature-invalid',
    )
  })

  test.each([
    [66_710n, 33_290n, 'accepted'],
    [66_670n, 33_330n, 'accepted'],
    [66_667n, 33_333n, 'accepted'],
    [66_666n, 33_334n, 'not-enough-power'],
  ])('%i against %i votes is %s', (signed, missing, verdict) => {
    const members = createMembers({ yes: signed, no: missing })
    expect(verify(blockOf(members, {}, ['commit', 'absent']))).toBe(verdict)
  })

  test('is the smallest bit above 2/3 of the largest possible set', () => {
    const max = (2n ** 63n - 1n) / 8n
    const third = max / 3n
    const members = (no: bigint): readonly Member[] => createMembers({ yes: max - no, no })
    expect(verify(blockOf(members(third - 1n), {}, ['commit', 'absent']))).toBe('accepted')
    expect(verify(blockOf(members(third), {}, ['commit', 'absent']))).toBe('not-enough-power')
  })
})

const CHANGED: Readonly<Record<string, Partial<Header>>> = {
  version: { version: { block: 11n, app: 1n } },
  chainId: { chainId: 'gonka-test-2' },
  height: { height: 8n },
  timeNs: { timeNs: createHeader().timeNs + 1n },
  lastBlockId: { lastBlockId: blockIdOf(digest('other')) },
  lastCommitHash: { lastCommitHash: digest('other') },
  dataHash: { dataHash: digest('other') },
  validatorsHash: { validatorsHash: digest('other') },
  nextValidatorsHash: { nextValidatorsHash: digest('other') },
  consensusHash: { consensusHash: digest('other') },
  appHash: { appHash: digest('other') },
  lastResultsHash: { lastResultsHash: digest('other') },
  evidenceHash: { evidenceHash: digest('other') },
  proposerAddress: { proposerAddress: digest('other').slice(0, 20) },
}
const CODE_OF_CHANGED: Readonly<Record<string, string>> = { chainId: 'chain-id-mismatch', height: 'commit-invalid' }

describe('must be rejected', () => {
  test.each(Object.keys(CHANGED))('(41) the header field %s changed', (field) => {
    const header = { ...BLOCK.header, ...CHANGED[field] }
    expect(verify({ ...BLOCK, header })).toBe(CODE_OF_CHANGED[field] ?? 'header-hash-mismatch')
  })

  test('(41) the header fields are those of the test above', () => {
    expect(Object.keys(CHANGED)).toEqual(Object.keys(BLOCK.header))
  })

  test('(42) a commit of another chain', () => {
    expect(verify(BLOCK, 'gonka-test-2')).toBe('chain-id-mismatch')
    const { header } = BLOCK
    const commit = signCommit({
      header: { ...header, chainId: 'gonka-test-2' },
      members: MEMBERS,
      blockId: BLOCK.commit.blockId,
    })
    expect(verify({ ...BLOCK, commit })).toBe('signature-invalid')
  })

  test.each<[string, Partial<Commit>, string]>([
    ['height', { height: 8n }, 'commit-invalid'],
    ['round', { round: 1 }, 'signature-invalid'],
    ['round, below 0', { round: -1 }, 'commit-invalid'],
    ['round, above int32', { round: 2 ** 31 }, 'commit-invalid'],
    ['round, a fraction', { round: 0.5 }, 'commit-invalid'],
    ['block hash', { blockId: { ...BLOCK.commit.blockId, hash: digest('other') } }, 'header-hash-mismatch'],
    ['block hash, none', { blockId: { ...BLOCK.commit.blockId, hash: new Uint8Array(0) } }, 'commit-invalid'],
    ['part set hash', { blockId: { ...BLOCK.commit.blockId, partsHash: digest('other') } }, 'signature-invalid'],
    ['part set hash, cut', { blockId: { ...BLOCK.commit.blockId, partsHash: new Uint8Array(31) } }, 'commit-invalid'],
    ['part set total', { blockId: { ...BLOCK.commit.blockId, partsTotal: 2 } }, 'signature-invalid'],
    ['part set total, none', { blockId: { ...BLOCK.commit.blockId, partsTotal: 0 } }, 'commit-invalid'],
    ['part set total, above uint32', { blockId: { ...BLOCK.commit.blockId, partsTotal: 2 ** 32 } }, 'commit-invalid'],
    ['signatures, none', { signatures: [] }, 'commit-invalid'],
    ['signatures, one left out', { signatures: BLOCK.commit.signatures.slice(1) }, 'commit-invalid'],
    ['signatures, one more', { signatures: [...BLOCK.commit.signatures, ABSENT] }, 'commit-invalid'],
  ])('(43) the commit with another %s', (_name, change, code) => {
    expect(verify(withCommit(change))).toBe(code)
  })

  test.each([0, 3])('(44) one bad signature, at index %i', (index) => {
    const { signature } = BLOCK.commit.signatures[index]!
    expect(verify(withEntry(index, { signature: bytesWith(signature, 0, 1) }))).toBe('signature-invalid')
  })

  test('(44) one bad signature of a nil vote', () => {
    const block = blockOf(MEMBERS, {}, ['commit', 'commit', 'commit', 'nil'])
    const signatures = block.commit.signatures.map((entry, index) =>
      index === 3 ? { ...entry, signature: bytesWith(entry.signature, 9, 1) } : entry,
    )
    expect(verify({ ...block, commit: { ...block.commit, signatures } })).toBe('signature-invalid')
  })

  test('(45) a signature moved to another index', () => {
    const [a, b, c, d] = BLOCK.commit.signatures as [CommitSignature, CommitSignature, CommitSignature, CommitSignature]
    expect(verify(withCommit({ signatures: [b, a, c, d] }))).toBe('commit-invalid')
    const { signature, timeNs } = a
    expect(verify(withEntry(1, { signature, timeNs }))).toBe('signature-invalid')
  })

  test('(46) the address of an entry swapped', () => {
    expect(verify(withEntry(0, { validatorAddress: BLOCK.validators[1]!.address }))).toBe('commit-invalid')
    expect(verify(withEntry(0, { validatorAddress: digest('nobody').slice(0, 20) }))).toBe('commit-invalid')
    expect(verify(withEntry(0, { validatorAddress: new Uint8Array(0) }))).toBe('commit-invalid')
  })

  test('(47) the same validator twice', () => {
    expect(verify(withEntry(1, BLOCK.commit.signatures[0]!))).toBe('commit-invalid')
    const twice = [MEMBERS[0]!, MEMBERS[0]!]
    expect(verify(blockOf(twice))).toBe('validators-invalid')
  })

  test('(48) nil votes counted as votes for the block', () => {
    expect(verify(blockOf(MEMBERS, {}, ['commit', 'nil', 'nil', 'nil']))).toBe('not-enough-power')
    const nil = blockOf(MEMBERS, {}, ['nil'])
    const signatures = nil.commit.signatures.map((entry) => ({ ...entry, vote: 'commit' as const }))
    expect(verify({ ...nil, commit: { ...nil.commit, signatures } })).toBe('signature-invalid')
  })

  test('(49) exactly 2/3 of the power', () => {
    const members = createMembers({ a: 1n, b: 1n, c: 1n })
    expect(verify(blockOf(members, {}, ['commit', 'commit', 'absent']))).toBe('not-enough-power')
    expect(verify(blockOf(members, {}, ['commit', 'commit', 'nil']))).toBe('not-enough-power')
  })

  test.each<[string, Partial<CommitSignature>]>([
    ['an address', { validatorAddress: BLOCK.validators[3]!.address }],
    ['a time', { timeNs: 1n }],
    ['a signature', { signature: BLOCK.commit.signatures[3]!.signature }],
  ])('(50) an absent entry with %s', (_name, data) => {
    expect(verify(withEntry(3, { ...ABSENT, ...data }))).toBe('commit-invalid')
  })

  test('(50) an entry that says neither', () => {
    expect(verify(withEntry(3, { vote: 'unknown' as 'nil' }))).toBe('commit-invalid')
  })

  test('(51) the time of a vote off by 1 ns, or cut to milliseconds', () => {
    const { timeNs } = BLOCK.commit.signatures[2]!
    expect(verify(withEntry(2, { timeNs: timeNs + 1n }))).toBe('signature-invalid')
    expect(verify(withEntry(2, { timeNs: timeNs - (timeNs % 1_000_000n) }))).toBe('signature-invalid')
  })

  test('(52) a signature with S + L, which other libraries took', () => {
    const { signature } = BLOCK.commit.signatures[1]!
    const order = 2n ** 252n + 27742317777372353535851937790883648493n
    const s = BigInt(`0x${Buffer.from(signature.subarray(32)).reverse().toString('hex')}`) + order
    const moved = Buffer.from(s.toString(16).padStart(64, '0'), 'hex').reverse()
    expect(verify(withEntry(1, { signature: Buffer.concat([signature.subarray(0, 32), moved]) }))).toBe(
      'signature-invalid',
    )
  })

  test.each([0, 63, 65])('(52) a signature of %i bytes', (length) => {
    expect(verify(withEntry(1, { signature: new Uint8Array(length) }))).toBe('commit-invalid')
  })

  test('(53) a set whose power, order or members differ from the header’s', () => {
    const validators = [...BLOCK.validators]
    const [first, second] = validators as [(typeof validators)[0], (typeof validators)[0]]
    const more = { ...first, votingPower: first.votingPower + 1n }
    const other = createMember('stranger', 40n).validator
    const hundredMore = { ...BLOCK, validators: [more, ...validators.slice(1)] }
    expect(verify(hundredMore)).toBe('validators-hash-mismatch')
    expect(verify({ ...BLOCK, validators: [second, first, ...validators.slice(2)] })).toBe('validators-hash-mismatch')
    expect(verify({ ...BLOCK, validators: [other, ...validators.slice(1)] })).toBe('validators-hash-mismatch')
    expect(verify({ ...BLOCK, validators: validators.slice(0, 3) })).toBe('validators-hash-mismatch')
    expect(verify({ ...BLOCK, validators: [] })).toBe('validators-invalid')
  })

  test('(53) a set cut to a page', () => {
    const members = sortMembers(Array.from({ length: 101 }, (_, index) => createMember(`v${index}`, 1n)))
    const block = blockOf(members)
    expect(verify(block)).toBe('accepted')
    expect(verify({ ...block, validators: block.validators.slice(0, 100) })).toBe('validators-hash-mismatch')
  })

  test('(53) a member without power, or one that is in the set twice', () => {
    const nobody = createMember('nobody', 0n)
    expect(verify(resigned([...BLOCK.validators, nobody.validator], [...MEMBERS, nobody]))).toBe('validators-invalid')
    expect(verify(resigned([...BLOCK.validators, BLOCK.validators[3]!]))).toBe('validators-invalid')
  })

  test('(54) a total below zero or above 2^63 / 8', () => {
    const [first, ...rest] = BLOCK.validators as [LightBlock['validators'][0], ...LightBlock['validators']]
    expect(verify({ ...BLOCK, validators: [{ ...first, votingPower: -1n }, ...rest] })).toBe('validators-invalid')
    const max = (2n ** 63n - 1n) / 8n
    const restPower = 60n
    expect(verify(blockOf(createMembers({ a: max - restPower, b: restPower })))).toBe('accepted')
    expect(verify(blockOf(createMembers({ a: max - restPower, b: restPower + 1n })))).toBe('validators-invalid')
  })

  test('(54) a set of more than 10,000', () => {
    const one = BLOCK.validators[0]!
    const crowd = { ...BLOCK, validators: Array.from({ length: 10_001 }, () => one) }
    expect(verify(crowd)).toBe('validators-invalid')
    expect(() => verifyCommit({ chainId: CHAIN_ID, ...crowd })).toThrow('at most 10000 entries; got 10001')
  })

  test('(56) a key that does not give the address, or is none', () => {
    const [first, second, ...rest] = BLOCK.validators as [LightBlock['validators'][0], ...LightBlock['validators']]
    const swapped = { ...first, publicKey: second!.publicKey }
    expect(verify(resigned([swapped, second!, ...rest]))).toBe('validators-invalid')
    expect(verify(resigned([{ ...first, publicKey: new Uint8Array(33) }, second!, ...rest]))).toBe('validators-invalid')
    expect(verify(resigned([{ ...first, address: new Uint8Array(0) }, second!, ...rest]))).toBe('validators-invalid')
    const long = new Uint8Array(33)
    const fitting = { ...first, publicKey: long, address: validatorAddress(long) }
    expect(verify(resigned([fitting, second!, ...rest]))).toBe('validators-invalid')
  })

  test.each<[string, Partial<Header>]>([
    ['another block format', { version: { block: 12n, app: 0n } }],
    ['height 0', { height: 0n }],
    ['no proposer', { proposerAddress: new Uint8Array(0) }],
    ['a proposer of 21 bytes', { proposerAddress: new Uint8Array(21) }],
    ['no next set', { nextValidatorsHash: new Uint8Array(0) }],
    ['a data hash of 31 bytes', { dataHash: new Uint8Array(31) }],
    ['an evidence hash of 33 bytes', { evidenceHash: new Uint8Array(33) }],
    ['a last block hash of 20 bytes', { lastBlockId: { ...blockIdOf(new Uint8Array(20)) } }],
    ['a last part set hash of 20 bytes', { lastBlockId: { ...blockIdOf(digest('x')), partsHash: new Uint8Array(20) } }],
  ])('a header with %s, though signed', (_name, fields) => {
    expect(verify(blockOf(MEMBERS, fields))).toBe('header-invalid')
  })

  test('a header without a set, and one whose chain id is too long', () => {
    expect(verify({ ...BLOCK, header: { ...BLOCK.header, validatorsHash: new Uint8Array(0) } })).toBe('header-invalid')
    const chainId = 'x'.repeat(51)
    expect(verify(blockOf(MEMBERS, { chainId }), chainId)).toBe('header-invalid')
    expect(verify(blockOf(MEMBERS, { chainId: 'x'.repeat(50) }), 'x'.repeat(50))).toBe('accepted')
    expect(verify(blockOf(MEMBERS, { chainId: '' }), '')).toBe('header-invalid')
    expect(verify(blockOf(MEMBERS, { chainId: 'x' }), 'x')).toBe('accepted')
  })
})

test('a vote checked with one key is not yet checked with another', () => {
  const check = createVoteCheck({ chainId: CHAIN_ID, commit: BLOCK.commit })
  const [first, second] = BLOCK.validators.map(({ publicKey }) => publicKey) as [Uint8Array, Uint8Array]
  expect(refusalOf(() => check(0, first))).toBe('accepted')
  expect(refusalOf(() => check(0, second))).toBe('signature-invalid')
})

test('a check of signatures that is not a plain yes counts as no', () => {
  const ed25519Verify = (() => Promise.resolve(true)) as unknown as () => boolean
  expect(refusalOf(() => verifyCommit({ chainId: CHAIN_ID, ...BLOCK, ed25519Verify }))).toBe('signature-invalid')
})

test('no message holds a signature', () => {
  const { signature } = BLOCK.commit.signatures[0]!
  const bad = bytesWith(signature, 5, 255)
  try {
    verifyCommit({ chainId: CHAIN_ID, ...withEntry(0, { signature: bad }) })
    expect.unreachable()
  } catch (error) {
    const shown = `${(error as Error).message}${JSON.stringify(error)}`
    expect(shown).toContain('commit.signatures[0] at height 7')
    expect(shown).not.toContain(Buffer.from(bad).toString('hex').slice(0, 16))
  }
})

describe('values that no block can hold', () => {
  const second = 1_000_000_000n
  const { header, commit, validators } = BLOCK
  const changed = (fields: object): LightBlock => ({ ...BLOCK, header: { ...header, ...fields } })

  test.each<[string, object]>([
    ['height, above int64', { height: 2n ** 63n }],
    ['time, 2^64 seconds later', { timeNs: header.timeNs + 2n ** 64n * second }],
    ['time, 2^64 seconds earlier', { timeNs: header.timeNs - 2n ** 64n * second }],
    ['block version, 2^64 more', { version: { ...header.version, block: 11n + 2n ** 64n } }],
    ['application version, 2^64 more', { version: { ...header.version, app: header.version.app + 2n ** 64n } }],
    ['chain id, with half a character', { chainId: 'gonka-test-1\ud800' }],
    ['part set total, 2^64 more', { lastBlockId: { ...header.lastBlockId, partsTotal: 2 ** 64 + 2 ** 20 } }],
    ['part set total, a fraction', { lastBlockId: { ...header.lastBlockId, partsTotal: 0.5 } }],
    ['part set total below 0', { lastBlockId: { ...header.lastBlockId, partsTotal: -1 } }],
  ])('a header whose %s would be hashed like others', (_name, fields) => {
    expect(verify(changed(fields))).toBe('header-invalid')
    expect(refusalOf(() => hashHeader({ ...header, ...fields } as Header))).toBe('header-invalid')
  })

  test.each(Object.keys(header))('a header with a %s of another type, or without one', (field) => {
    const name = field as keyof Header
    const lookAlikes = [
      Array(32).fill(0),
      new DataView(new ArrayBuffer(32)),
      { length: 32, [Symbol.toStringTag]: 'Uint8Array' },
    ]
    for (const value of [undefined, null, 7, '7', 7n, [], {}, ...lookAlikes]) {
      if (typeof value === typeof header[name] && typeof value !== 'object') continue
      expect(verify(changed({ [field]: value }), CHAIN_ID)).toBe('header-invalid')
      expect(() => hashHeader({ ...header, [field]: value } as Header)).toThrow(`header.${field}`)
    }
  })

  test.each(['hash', 'partsHash'])('a header whose last block has a %s in hex', (field) => {
    const lastBlockId = { ...header.lastBlockId, [field]: 'AB'.repeat(16) }
    expect(() => hashHeader({ ...header, lastBlockId })).toThrow(`header.lastBlockId.${field} must be a Uint8Array`)
  })

  test.each<[string, object]>([
    ['commit.height', { height: 7 }],
    ['commit.height', { height: 2n ** 63n }],
    ['commit.round', { round: 0n }],
    ['commit.blockId', { blockId: undefined }],
    ['commit.blockId.hash', { blockId: { ...commit.blockId, hash: 'AB'.repeat(16) } }],
    ['commit.blockId.partsHash', { blockId: { ...commit.blockId, partsHash: 'AB'.repeat(16) } }],
    ['commit.signatures', { signatures: { length: 4 } }],
    ['commit.signatures[0]', { signatures: [null] }],
  ])('a commit with a wrong %s', (field, change) => {
    const block = { ...BLOCK, commit: { ...commit, ...change } as Commit }
    expect(verify(block)).toBe('commit-invalid')
    expect(() => verifyCommit({ chainId: CHAIN_ID, ...block })).toThrow(`${field} must be`)
  })

  test.each<[string, object]>([
    ['signature', { signature: 'A'.repeat(64) }],
    ['validatorAddress', { validatorAddress: Array.from(validators[1]!.address) }],
    ['timeNs', { timeNs: 7 }],
    ['timeNs', { timeNs: 2n ** 90n }],
  ])('a vote with a wrong %s', (field, change) => {
    const block = withEntry(1, change)
    expect(verify(block)).toBe('commit-invalid')
    expect(() => verifyCommit({ chainId: CHAIN_ID, ...block })).toThrow(`commit.signatures[1].${field} must be`)
  })

  test.each<[string, object]>([
    ['power as a number', { votingPower: 40 }],
    ['power as a text', { votingPower: '40' }],
    ['key in base64', { publicKey: 'A'.repeat(32) }],
    ['key as a list', { publicKey: Array.from(validators[0]!.publicKey) }],
    ['address as a list', { address: Array.from(validators[0]!.address) }],
  ])('a validator with its %s', (_name, change) => {
    const first = { ...validators[0]!, ...change } as LightBlock['validators'][0]
    expect(verify({ ...BLOCK, validators: [first, ...validators.slice(1)] })).toBe('validators-invalid')
  })

  test.each([40n + 2n ** 64n, 40n - 2n ** 64n, 2n ** 63n])(
    'a power of %i would be hashed like another',
    (votingPower) => {
      const set = [{ ...validators[0]!, votingPower }, ...validators.slice(1)]
      expect(refusalOf(() => hashValidators(set))).toBe('validators-invalid')
    },
  )

  test('a set that is no list', () => {
    for (const set of [undefined, null, {}, { length: 4 }]) {
      expect(verify({ ...BLOCK, validators: set as never })).toBe('validators-invalid')
    }
  })
})
