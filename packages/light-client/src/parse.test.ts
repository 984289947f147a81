import { encodeBech32, parseBlockTime } from '@gonka/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fromBase64, fromHex, toBase64, toHex } from './bytes.ts'
import { createHeader, digest, signBlock } from './fixtures/chain.ts'
import { formatCommit } from './fixtures/format-commit.ts'
import { createMembers, validatorsOf } from './fixtures/members.ts'
import { refusalOf } from './fixtures/refusals.ts'
import { formatHeader, formatValidator } from './format-rpc.ts'
import { hashHeader } from './hash-header.ts'
import { hashValidators } from './hash-validators.ts'
import { parseCommit } from './parse-commit.ts'
import { parseHeader } from './parse-header.ts'
import { parseSignedHeader } from './parse-signed-header.ts'
import { parseValidators } from './parse-validators.ts'
import { formatTime, ZERO_TIME_NS } from './time.ts'
import { verifyCommit } from './verify-commit.ts'

const MEMBERS = createMembers({ a: 3n, b: 2n, c: 1n })
const BLOCK = signBlock(
  createHeader({ validatorsHash: hashValidators(validatorsOf(MEMBERS)), version: { block: 11n, app: 0n } }),
  MEMBERS,
  ['commit', 'commit', 'absent'],
)
// biome-ignore lint/suspicious/noExplicitAny: JSON that the tests take apart
type Json = any

const rpcHeader = (): Json => formatHeader(BLOCK.header)
const rpcCommit = (): Json => formatCommit(BLOCK.commit)
const base64Of = (hex: string): string => Buffer.from(hex, 'hex').toString('base64')

/** Go's plain JSON of the same header: heights as numbers, no version of the application. */
function goHeader(): Json {
  const { version: _version, ...rest } = rpcHeader()
  return { ...rest, version: { block: 11 }, height: 7 }
}

/** Proto JSON of the SDK: hashes in base64, part sets under another name, the proposer in bech32. */
function sdkHeader(): Json {
  const header = rpcHeader()
  const hashes = Object.entries(header).filter(([name]) => name.endsWith('_hash'))
  const { hash, parts } = header.last_block_id
  return {
    ...header,
    ...Object.fromEntries(hashes.map(([name, value]) => [name, base64Of(value as string)])),
    last_block_id: { hash: base64Of(hash), part_set_header: { total: 1, hash: base64Of(parts.hash) } },
    proposer_address: PROPOSER_BECH32,
  }
}

function sdkCommit(): Json {
  const { block_id: blockId, signatures, height } = rpcCommit()
  const flags = ['', 'BLOCK_ID_FLAG_ABSENT', 'BLOCK_ID_FLAG_COMMIT', 'BLOCK_ID_FLAG_NIL']
  return {
    height,
    block_id: {
      hash: base64Of(blockId.hash),
      part_set_header: { total: 1, hash: base64Of(blockId.parts.hash) },
    },
    signatures: signatures.map((entry: Json) => ({
      block_id_flag: flags[entry.block_id_flag],
      validator_address: entry.validator_address === '' ? null : base64Of(entry.validator_address),
      timestamp: entry.timestamp,
      signature: entry.signature,
    })),
  }
}

/** Of the proposer address that the fixture makes up; written by another bech32 encoder. */
const PROPOSER_BECH32 = 'gonkavalcons1d3ce49qrpfkysj7xu2dsftzvd5ntt7jspa846y'

describe('the three dialects', () => {
  test.each([
    ['of the RPC', rpcHeader],
    ['of Go', goHeader],
    ['of the SDK', sdkHeader],
  ])('a header %s', (_name, header) => {
    expect(parseHeader(header())).toEqual(BLOCK.header)
  })

  test.each([
    ['of the RPC', rpcCommit],
    ['of Go', () => ({ ...rpcCommit(), height: 7 })],
    ['of the SDK', sdkCommit],
  ])('a commit %s', (_name, commit) => {
    expect(parseCommit(commit())).toEqual(BLOCK.commit)
  })

  test.each<[string, (key: string, power: string) => Json]>([
    ['of the RPC', (value, power) => ({ pub_key: { type: 'tendermint/PubKeyEd25519', value }, voting_power: power })],
    ['of Go', (value, power) => ({ pub_key: value, voting_power: Number(power), proposer_priority: -3 })],
    [
      'of the SDK',
      (key, power) => ({ pub_key: { '@type': '/cosmos.crypto.ed25519.PubKey', key }, voting_power: power }),
    ],
    ['of proto JSON', (ed25519, power) => ({ pub_key: { ed25519 }, voting_power: power })],
  ])('validators %s', (_name, write) => {
    const json = BLOCK.validators.map(({ address, publicKey, votingPower }) => ({
      address: toHex(address),
      ...write(toBase64(publicKey), `${votingPower}`),
    }))
    expect(parseValidators(json)).toEqual(BLOCK.validators)
  })

  test('a first header has no block before it', () => {
    const none = { hash: new Uint8Array(0), partsTotal: 0, partsHash: new Uint8Array(0) }
    for (const json of [undefined, null, { hash: '', parts: { total: 0, hash: '' } }, { hash: '' }]) {
      expect(parseHeader({ ...rpcHeader(), last_block_id: json }).lastBlockId).toEqual(none)
    }
  })

  test('hashes that are left out are empty', () => {
    const { data_hash: _, app_hash: __, ...bare } = rpcHeader()
    for (const json of [bare, { ...bare, data_hash: null, app_hash: null }]) {
      expect(parseHeader(json)).toMatchObject({ dataHash: new Uint8Array(0), appHash: new Uint8Array(0) })
    }
  })

  test('the largest of everything is read', () => {
    const max = '9223372036854775807'
    expect(parseHeader({ ...rpcHeader(), height: max, app_hash: 'AB'.repeat(64) })).toMatchObject({
      height: BigInt(max),
      appHash: new Uint8Array(64).fill(0xab),
    })
    const [entry] = rpcCommit().signatures
    const { signatures } = parseCommit({ ...rpcCommit(), signatures: Array(10_000).fill(entry) })
    expect(signatures).toHaveLength(10_000)
    const long = { ...entry, signature: 'A'.repeat(256) }
    expect(parseCommit({ ...rpcCommit(), signatures: [long] }).signatures[0]?.signature).toHaveLength(192)
  })

  test('a whole block verifies in the mixture of dialects', () => {
    const { header, commit } = parseSignedHeader({ header: sdkHeader(), commit: rpcCommit() })
    const validators = parseValidators(BLOCK.validators.map(formatValidator))
    expect(verifyCommit({ chainId: 'gonka-test-1', header, commit, validators })).toEqual(hashHeader(BLOCK.header))
  })
})

describe('what is refused', () => {
  test.each<[string, Json]>([
    ['nothing', undefined],
    ['a text', 'header'],
    ['a list', []],
    ['no version', { ...rpcHeader(), version: undefined }],
    ['a height that JSON rounded', { ...rpcHeader(), height: 2 ** 53 }],
    ['a height below 0', { ...rpcHeader(), height: '-1' }],
    ['a height above int64', { ...rpcHeader(), height: '9223372036854775808' }],
    ['a height in hex', { ...rpcHeader(), height: '0x7' }],
    ['a height with a fraction', { ...rpcHeader(), height: 7.5 }],
    ['a height of a million digits', { ...rpcHeader(), height: '1'.repeat(1_000_000) }],
    ['a chain id that is a number', { ...rpcHeader(), chain_id: 7 }],
    ['a hash of 31 bytes', { ...rpcHeader(), data_hash: 'AB'.repeat(31) }],
    ['a hash with a space', { ...rpcHeader(), data_hash: ` ${'AB'.repeat(31)}A` }],
    ['a hash in base64 of the URL alphabet', { ...rpcHeader(), data_hash: `${'-'.repeat(43)}=` }],
    ['a hash in base64 with bits left over', { ...rpcHeader(), data_hash: `${'A'.repeat(42)}B=` }],
    ['a hash in base64 of 31 bytes', { ...rpcHeader(), data_hash: base64Of('ab'.repeat(31)) }],
    ['a hash in base64 of 33 bytes', { ...rpcHeader(), data_hash: base64Of('ab'.repeat(33)) }],
    ['a hash as a list', { ...rpcHeader(), data_hash: Array(64).fill('a') }],
    ['an application hash as a list', { ...rpcHeader(), app_hash: Array(64).fill('a') }],
    ['a height as a list', { ...rpcHeader(), height: ['7'] }],
    ['a time as a list', { ...rpcHeader(), time: ['2026-01-31T23:59:59Z'] }],
    ['64 characters of base64 that are no hex', { ...rpcHeader(), data_hash: 'g'.repeat(64) }],
    ['an application hash of 65 bytes', { ...rpcHeader(), app_hash: 'AB'.repeat(65) }],
    ['a proposer of 32 bytes in bech32', { ...rpcHeader(), proposer_address: encodeBech32('gonka', digest('x')) }],
    ['a proposer of 19 bytes', { ...rpcHeader(), proposer_address: 'AB'.repeat(19) }],
    ['a time that is a number', { ...rpcHeader(), time: 1_700_000_000 }],
    ['a time in words', { ...rpcHeader(), time: 'yesterday' }],
    [
      'a part set total above uint32',
      { ...rpcHeader(), last_block_id: { hash: '', parts: { total: 2 ** 32, hash: '' } } },
    ],
    ['a part set that is a text', { ...rpcHeader(), last_block_id: { hash: '', parts: 'x' } }],
    ['fields of a prototype only', Object.create(rpcHeader())],
  ])('a header that is or has %s', (_name, json) => {
    expect(refusalOf(() => parseHeader(json))).toBe('header-invalid')
  })

  test.each<[string, Json]>([
    ['nothing', null],
    ['no signatures', { ...rpcCommit(), signatures: null }],
    ['10,001 signatures', { ...rpcCommit(), signatures: Array.from({ length: 10_001 }) }],
    ['an unknown flag', { ...rpcCommit(), signatures: [{ ...rpcCommit().signatures[0], block_id_flag: 4 }] }],
    ['no flag', { ...rpcCommit(), signatures: [{}] }],
    ['an entry that is a text', { ...rpcCommit(), signatures: ['x'] }],
    ['a signature in hex', { ...rpcCommit(), signatures: [{ ...rpcCommit().signatures[0], signature: 'zz' }] }],
    ['a signature as a list', { ...rpcCommit(), signatures: [{ ...rpcCommit().signatures[0], signature: ['AAAA'] }] }],
    [
      'a huge signature',
      { ...rpcCommit(), signatures: [{ ...rpcCommit().signatures[0], signature: 'A'.repeat(260) }] },
    ],
    ['a round above int32', { ...rpcCommit(), round: 2 ** 31 }],
    ['a round below 0', { ...rpcCommit(), round: -1 }],
  ])('a commit that is or has %s', (_name, json) => {
    expect(refusalOf(() => parseCommit(json))).toBe('commit-invalid')
  })

  const key = toBase64(BLOCK.validators[0]!.publicKey)
  test.each<[string, Json]>([
    ['null', null],
    ['an object', {}],
    ['10,001 entries', Array.from({ length: 10_001 })],
    ['an entry that is null', [null]],
    ['no key', [{ voting_power: '1' }]],
    ['a key of 31 bytes', [{ pub_key: toBase64(new Uint8Array(31)), voting_power: '1' }]],
    ['a key as a list', [{ pub_key: { ed25519: Array(44).fill('A') }, voting_power: '1' }]],
    ['a key in hex', [{ pub_key: 'ab'.repeat(32), voting_power: '1' }]],
    ['a power below 0', [{ pub_key: key, voting_power: '-1' }]],
    ['a power that JSON rounded', [{ pub_key: key, voting_power: 2 ** 60 }]],
    ['a power above int64', [{ pub_key: key, voting_power: '9223372036854775808' }]],
  ])('validators that are or have %s', (_name, json) => {
    expect(refusalOf(() => parseValidators(json))).toBe('validators-invalid')
  })

  test.each([
    { type: 'tendermint/PubKeySecp256k1', value: 'A'.repeat(44) },
    { type: 'cometbft/PubKeyBls12_381', value: 'A'.repeat(44) },
    { '@type': '/cosmos.crypto.secp256k1.PubKey', key: 'A'.repeat(44) },
    { secp256k1: 'A'.repeat(44) },
    { type: '__proto__', value: key },
  ])('(55) a key of another kind: %j', (pubKey) => {
    expect(refusalOf(() => parseValidators([{ pub_key: pubKey, voting_power: '1' }]))).toBe('key-type-unsupported')
  })

  test('the message names the field and the kind of what came, not its content', () => {
    expect(() => parseCommit({ ...rpcCommit(), signatures: [{ block_id_flag: 2, signature: 'secret!' }] })).toThrow(
      'commit.signatures[0].signature must be base64 of at most 256 characters; got a text of 7 characters.',
    )
    expect(() => parseHeader({ ...rpcHeader(), height: null, version: [] })).toThrow(
      'header.version must be an object; got a list.',
    )
    expect(() => parseHeader(null)).toThrow('header must be an object; got null.')
    expect(() => parseHeader(undefined)).toThrow('header must be an object; got nothing.')
    expect(() => parseHeader(7)).toThrow('header must be an object; got a number.')
  })

  test('a list that is too long is not looked into', () => {
    const long = Array.from({ length: 10_001 }, () => null)
    expect(() => parseValidators(long)).toThrow('validators must have at most 10000 entries; got 10001.')
    expect(() => parseCommit({ ...rpcCommit(), signatures: long })).toThrow('commit.signatures must have at most 10000')
  })

  test('nothing but a refusal comes of any JSON', () => {
    const mutated = fc.record(
      Object.fromEntries(
        Object.keys(rpcHeader()).map((name) => [name, fc.oneof(fc.constant(rpcHeader()[name]), fc.jsonValue())]),
      ),
    )
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), mutated), (json) => {
        for (const parse of [parseHeader, parseCommit, parseValidators, parseSignedHeader]) refusalOf(() => parse(json))
      }),
    )
  })
})

describe('times', () => {
  test.each<[string, bigint]>([
    ['1970-01-01T00:00:00Z', 0n],
    ['0001-01-01T00:00:00Z', ZERO_TIME_NS],
    ['1969-12-31T23:59:59.999999999Z', -1n],
    ['2021-05-12T03:02:04.38Z', 1_620_788_524_380_000_000n],
    ['2021-05-12T03:02:04.91561897Z', 1_620_788_524_915_618_970n],
    ['9999-12-31T23:59:59.999999999Z', 253_402_300_799_999_999_999n],
  ])('%s is %i ns, and is written the same way', (text, timeNs) => {
    expect(parseBlockTime(text)).toBe(timeNs)
    expect(formatTime(timeNs)).toBe(text)
  })

  test('survive being written and read', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: ZERO_TIME_NS, max: 253_402_300_799_999_999_999n }), (timeNs) => {
        expect(parseBlockTime(formatTime(timeNs))).toBe(timeNs)
      }),
    )
  })
})

describe('texts of bytes', () => {
  test('hex and base64 give the bytes back', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(fromHex(toHex(bytes))).toEqual(bytes)
        expect(fromHex(toHex(bytes).toUpperCase())).toEqual(bytes)
        expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'))
        expect(fromBase64(toBase64(bytes))).toEqual(bytes)
      }),
    )
  })

  test.each(['a', 'zz', '0x', 'ab cd'])('%j is no hex', (text) => {
    expect(fromHex(text)).toBeUndefined()
  })

  test.each(['A', 'AA', 'AA=', 'AB==', 'A===', '-_==', ' AAA', 'AA A', 'AAAA\n'])('%j is no base64', (text) => {
    expect(fromBase64(text)).toBeUndefined()
  })
})
