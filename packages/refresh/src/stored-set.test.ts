import { createParticipant, formatAddress } from '@gonka/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { setOf } from './fixtures/refresh-kit.ts'
import { formatStoredSet, MAX_STORED_BYTES, parseStoredSet } from './stored-set.ts'
import type { SourcedSet, StoredSet } from './types.ts'

const HASH = 'ab'.repeat(32)
const BINDING = { network: 'net', storedAtMs: 1_700_000_000_000 }
const PROVEN: SourcedSet = {
  ...setOf(7, 3),
  sourceUrl: 'http://node1.example:8000',
  trust: 'anchored',
  provenBy: { height: 12, hash: HASH, timeMs: 1_699_999_000_000 },
}
const TEXT = formatStoredSet(PROVEN, BINDING)

const count = fc.nat(Number.MAX_SAFE_INTEGER)
const time = fc.nat(8.64e15)
const proof = fc.record({ height: count, hash: fc.constant(HASH), timeMs: time })
const set = fc
  .record({
    epochId: count,
    bytes: fc.uniqueArray(fc.nat(255), { minLength: 1, maxLength: 5 }),
    weight: fc.nat(Number.MAX_SAFE_INTEGER),
    models: fc.array(fc.string(), { maxLength: 3 }),
    validatorKey: fc.string(),
    sourceUrl: fc.constantFrom(undefined, 'http://node1.example:8000', 'https://node.example/path'),
    provenBy: fc.option(proof, { nil: undefined }),
    network: fc.string(),
    storedAtMs: time,
  })
  .map(({ bytes, epochId, weight, models, validatorKey, provenBy, ...rest }): StoredSet => {
    const participants = bytes.map((byte) =>
      createParticipant({
        address: formatAddress(new Uint8Array(20).fill(byte)),
        inferenceUrl: `https://p${byte}.example/path`,
        weight,
        models,
        validatorKey,
        epochId,
      }),
    )
    return { ...rest, epochId, participants, provenBy, trust: provenBy ? 'agreed' : 'none' }
  })

test('what is written is read back, whatever it is', () => {
  fc.assert(
    fc.property(set, (stored) => {
      expect(parseStoredSet(formatStoredSet(stored, stored))).toEqual(stored)
    }),
  )
})

test('a clock that counts fractions of milliseconds writes a set that can be read', () => {
  const text = formatStoredSet(PROVEN, { network: 'net', storedAtMs: 1_700_000_000_000.25 })
  expect(parseStoredSet(text)).toMatchObject({ storedAtMs: 1_700_000_000_000 })
})

test('participants that were configured by hand are not written', () => {
  const [byHand, ...listed] = PROVEN.participants
  const mixed = { ...PROVEN, participants: [{ ...byHand, epochId: 0 } as (typeof listed)[0], ...listed] }
  expect(parseStoredSet(formatStoredSet(mixed, BINDING))).toMatchObject({ participants: listed })
})

test('credentials and query of a source are neither written nor read', () => {
  const text = formatStoredSet({ ...PROVEN, sourceUrl: 'http://user:hunter2@node1.example/?key=hunter2' }, BINDING)
  expect(text).not.toContain('hunter2')
  expect(parseStoredSet(text)).toMatchObject({ sourceUrl: 'http://node1.example' })
  expect(parseStoredSet(forge({ sourceUrl: 'http://u:p@n.example' }))).toMatchObject({ sourceUrl: 'http://n.example' })
})

describe('a text that is not what was written', () => {
  test('is noticed wherever it is cut off', () => {
    for (let length = 0; length < TEXT.length - 1; length += 1) {
      expect(parseStoredSet(TEXT.slice(0, length))).toBe(
        `has ${length} characters that are no stored set; it was cut off or edited`,
      )
    }
  })

  test('is noticed wherever a character changed', () => {
    fc.assert(
      fc.property(fc.nat(TEXT.length - 2), fc.nat(0xffff), (index, code) => {
        const other = String.fromCharCode(code)
        const changed = `${TEXT.slice(0, index)}${other}${TEXT.slice(index + 1)}`
        // White space between the parts of JSON says nothing.
        if (changed !== TEXT && /\S/.test(other)) expect(typeof parseStoredSet(changed)).toBe('string')
      }),
    )
  })

  test('never becomes a set by any edit, and never throws', () => {
    const edit = fc.record({ from: fc.nat(TEXT.length), length: fc.nat(40), text: fc.string({ maxLength: 20 }) })
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        let changed = TEXT
        for (const { from, length, text } of edits)
          changed = changed.slice(0, from) + text + changed.slice(from + length)
        const result = parseStoredSet(changed)
        if (typeof result !== 'string') expect(result).toEqual(parseStoredSet(TEXT))
      }),
    )
  })

  test.each([
    ['a later version', TEXT.replace('"format":1', '"format":2'), 'has format 2; this version reads 1'],
    ['another program', '{"version":"x"}', 'that are no stored set'],
    ['nothing', '', 'has 0 characters'],
    ['zeros', '\0'.repeat(100), 'that are no stored set'],
    ['JSON null', 'null', 'that are no stored set'],
    ['a list', '[1,2]', 'that are no stored set'],
    ['no text', 5, 'is a value of type number'],
    ['bytes', new Uint8Array(3), 'is a value of type object'],
    ['too much', ' '.repeat(MAX_STORED_BYTES + 1), 'at most 16777216 bytes are read'],
  ])('of %s is named as such', (_, text, expected) => {
    expect(parseStoredSet(text)).toEqual(expect.stringContaining(expected))
  })
})

/** A text with a good checksum and other fields, as somebody could write who knows how. */
function forge(change: Record<string, unknown>): string {
  const fake = JSON.parse(TEXT) as Record<string, unknown>
  const { checksum: _, ...fields } = { ...fake, ...change }
  let hash = 0x811c9dc5
  for (const char of JSON.stringify(fields)) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193)
  return JSON.stringify({ ...fields, checksum: (hash >>> 0).toString(16).padStart(8, '0') })
}

describe('a good checksum is not taken for good contents', () => {
  const [entry] = (JSON.parse(TEXT) as { participants: Record<string, unknown>[] }).participants
  const others: [string, Record<string, unknown>][] = [
    ['nobody', { participants: [] }],
    ['no list', { participants: { length: 1 } }],
    ['an entry that is null', { participants: [null] }],
    [
      'an address with a wrong checksum',
      { participants: [{ ...entry, address: `${String(entry?.address).slice(0, -1)}q` }] },
    ],
    ['a URL of another kind', { participants: [{ ...entry, inferenceUrl: 'file:///etc/passwd' }] }],
    ['a URL with credentials', { participants: [{ ...entry, inferenceUrl: 'http://a:b@p1.example' }] }],
    ['a weight below 0', { participants: [{ ...entry, weight: -1 }] }],
    ['a weight that is text', { participants: [{ ...entry, weight: '5' }] }],
    ['no weight', { participants: [{ ...entry, weight: undefined }] }],
    ['models that are no list', { participants: [{ ...entry, models: 'm' }] }],
    ['an address twice', { participants: [entry, entry] }],
    ['an epoch that is no number', { epochId: '7' }],
    ['an epoch below 0', { epochId: -7 }],
    ['no time', { storedAtMs: null }],
    ['a time that no date can be', { storedAtMs: 8.64e15 + 1 }],
    ['a header of a time that no date can be', { provenBy: { height: 1, hash: HASH, timeMs: 8.64e15 + 1 } }],
    ['no network', { network: undefined }],
    ['a source that is no text', { sourceUrl: 5 }],
    ['a trust that there is not', { trust: 'blind' }],
    ['a trust without a header', { provenBy: null }],
    ['a header without a trust', { trust: 'none' }],
    ['a header without a hash', { provenBy: { height: 1, timeMs: 1 } }],
  ]

  test('so that the others prove something', () => {
    expect(parseStoredSet(forge({ epochId: 8 }))).toMatchObject({ epochId: 8, network: 'net' })
  })

  test.each(others)('%s', (_, change) => {
    expect(parseStoredSet(forge(change))).toEqual(expect.stringContaining('no stored set'))
  })
})
