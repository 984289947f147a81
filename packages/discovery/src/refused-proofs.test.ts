import { existsSync, readFileSync } from 'node:fs'
import { verifyChained } from '@gonka/ics23-verify'
import { parseHeader } from '@gonka/light-client'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createActiveParticipantsKey, STORE_NAME } from './active-participants-key.ts'
import { createDiscovery, rejectionOf } from './fixtures/discover.ts'
import { changed, EPOCH_7, type EpochAnswer, HASH_101, type Telling, tell } from './fixtures/epoch-7.ts'
import { ANCHOR, absent, discover, proving, startWitness } from './fixtures/proving.ts'
import { startServer } from './fixtures/server.ts'
import { parseProvenBundle } from './parse-proven-bundle.ts'

/** An answer from a test network of April 2025, as the network's documentation shows it. */
function readSample(): EpochAnswer & { block: { header: { time: string } }[] } {
  return JSON.parse(readFileSync(new URL('gonka/docs-epoch1-participants.json', VECTORS), 'utf8')).response
}

/** Published data beside the repository: where the folder is, nothing that it holds may be missing. */
const VECTORS = new URL('../../../../shared/vectors/', import.meta.url)

const withVectors = test.skipIf(!existsSync(VECTORS))

describe('refuses', () => {
  const withBundle = (change: (copy: EpochAnswer) => void): Telling => ({ bundle: changed(EPOCH_7.bundle, change) })
  const withHeader = (change: (copy: typeof EPOCH_7.signed_header) => void): Telling => ({
    signedHeader: changed(EPOCH_7.signed_header, change),
  })
  const swapped = changed(EPOCH_7.bundle, ({ proof_ops }) => void proof_ops!.ops.reverse())
  const refused: [string, string, Telling][] = [
    ['no proof', 'proof-malformed', withBundle((copy) => void delete (copy as { proof_ops?: unknown }).proof_ops)],
    ['null for a proof', 'proof-malformed', { bundle: { ...EPOCH_7.bundle, proof_ops: null } }],
    ['no bytes', 'proof-malformed', { bundle: { ...EPOCH_7.bundle, active_participants_bytes: '' } }],
    ['bytes in base64', 'proof-malformed', { bundle: { ...EPOCH_7.bundle, active_participants_bytes: 'Cg==' } }],
    [
      'a key with white space',
      'proof-malformed',
      withBundle((copy) => {
        copy.proof_ops!.ops[0]!.key += '\n'
      }),
    ],
    ['no steps', 'ops-count-wrong', { bundle: { ...EPOCH_7.bundle, proof_ops: { ops: [] } } }],
    ['one step', 'ops-count-wrong', withBundle((copy) => void copy.proof_ops!.ops.pop())],
    ['steps the wrong way round', 'ops-type-wrong', { bundle: swapped }],
    [
      'another store',
      'op-key-mismatch',
      withBundle((copy) => {
        copy.proof_ops!.ops[1]!.key = 'YmFuaw=='
      }),
    ],
    [
      'a participant taken out of the bytes',
      'value-mismatch',
      withBundle((copy) => {
        const hex = copy.active_participants_bytes
        copy.active_participants_bytes = hex.slice(2 * (3 + 0xd8))
      }),
    ],
    [
      'cut bytes',
      'protobuf-invalid',
      withBundle((copy) => {
        copy.active_participants_bytes = copy.active_participants_bytes.slice(0, -2)
      }),
    ],
    [
      'more bytes than a proof can hold',
      'proof-too-large',
      { bundle: { ...EPOCH_7.bundle, active_participants_bytes: `${'0a00'.repeat(2 ** 19)}28643007` } },
    ],
    [
      'bytes of another epoch',
      'op-key-mismatch',
      withBundle((copy) => {
        copy.active_participants_bytes = copy.active_participants_bytes.replace(/07$/, '08')
      }),
    ],
    [
      'a record without a height',
      'record-invalid',
      { bundle: { ...EPOCH_7.bundle, active_participants_bytes: '3007' } },
    ],
    [
      'a record without an epoch',
      'record-invalid',
      { bundle: { ...EPOCH_7.bundle, active_participants_bytes: '2864' } },
    ],
    [
      'another chain',
      'header-hash-mismatch',
      withHeader(({ header }) => {
        header.chain_id = 'gonka-sim-2'
      }),
    ],
    [
      'another app hash',
      'header-hash-mismatch',
      withHeader(({ header }) => {
        header.app_hash = HASH_101.toUpperCase()
      }),
    ],
    [
      'another height',
      'rpc-answer-invalid',
      withHeader(({ header }) => {
        header.height = '102'
      }),
    ],
    ['no header', 'header-invalid', { signedHeader: null }],
    [
      'JSON with another URL than the bytes',
      'value-mismatch',
      withBundle((copy) => {
        copy.active_participants.participants[1]!.inference_url = 'http://thief.example'
      }),
    ],
    [
      'JSON with one participant less',
      'value-mismatch',
      withBundle((copy) => {
        copy.active_participants.participants.pop()
      }),
    ],
    [
      'JSON with nothing for a participant',
      'value-mismatch',
      withBundle((copy) => {
        copy.active_participants.participants[0] = null as never
      }),
    ],
  ]

  test.each(refused)('%s: %s', async (_name, code, telling) => {
    const error = await rejectionOf(discover(telling))
    expect(error).toMatchObject({ name: 'GonkaProofVerificationError', code })
    expect(error.message).toMatch(/^The list of http:\/\/127\.0\.0\.1:\d+ is not proven: /)
  })

  const unsigned: [string, string, Telling][] = [
    [
      'a header changed after signing',
      'header-hash-mismatch',
      withHeader(({ header }) => {
        header.app_hash = HASH_101
      }),
    ],
    [
      'another chain',
      'chain-id-mismatch',
      withHeader(({ header }) => {
        header.chain_id = 'gonka-sim-2'
      }),
    ],
    ['less than two thirds', 'not-enough-power', withHeader(({ commit }) => absent(commit.signatures, 0))],
    ['two votes exchanged', 'commit-invalid', withHeader(({ commit }) => void commit.signatures.reverse())],
    ['a set cut short', 'validators-hash-mismatch', { validators: EPOCH_7.validators.slice(0, 2) }],
  ]

  test.each(unsigned)('at first use %s: %s', async (_name, code, telling) => {
    expect(await rejectionOf(discover(telling, { trust: 'first-use' }))).toMatchObject({ code })
  })

  test.each(unsigned)('by agreement %s: %s', async (_name, code, telling) => {
    const trust = { witnesses: [await startWitness()], quorum: 1 }
    expect(await rejectionOf(discover(telling, { trust }))).toMatchObject({ code })
  })

  test('another epoch than was asked for', async () => {
    const error = await rejectionOf(discover({}, {}, 8))
    expect(error).toMatchObject({ code: 'epoch-mismatch' })
    expect(error.message).toContain('epoch 7; epoch 8 was asked for')
  })

  test('any answer that differs in one character of bytes or proof', async () => {
    const { url } = await startServer((request, response) => tell({ bundle: answer })(request, response))
    let answer = EPOCH_7.bundle
    const { discovery } = createDiscovery(proving({ sourceUrl: url, trust: 'first-use' }))
    const places = fc.constantFrom<'bytes' | 0 | 1>('bytes', 0, 1)
    await fc.assert(
      fc.asyncProperty(places, fc.nat(), fc.constantFrom(...'0123456789abcdef'), async (place, at, digit) => {
        const replace = (text: string): string => {
          const index = at % text.length
          const other = digit === '0' ? '1' : '0'
          return text.slice(0, index) + (text[index] === digit ? other : digit) + text.slice(index + 1)
        }
        answer = changed(EPOCH_7.bundle, (copy) => {
          if (place === 'bytes') copy.active_participants_bytes = replace(copy.active_participants_bytes)
          else copy.proof_ops!.ops[place]!.data = replace(copy.proof_ops!.ops[place]!.data)
        })
        expect(await rejectionOf(discovery.discover())).toMatchObject({ name: 'GonkaProofVerificationError' })
      }),
    )
  })

  withVectors('the sample of the documentation, whose record names no epoch', async () => {
    const sample = readSample()
    const options = { chainId: 'prod-sim', now: () => Date.parse(sample.block[0]!.header.time) }
    for (const trust of ['first-use', ANCHOR] as const) {
      const error = await rejectionOf(discover({ bundle: sample }, { ...options, trust }))
      expect(error).toMatchObject({ name: 'GonkaProofVerificationError', code: 'record-invalid' })
    }
  })

  withVectors('the key of that sample, which is not the one that epochs have', () => {
    const sample = readSample()
    const { record: value, ops } = parseProvenBundle(sample)
    const { appHash } = parseHeader(sample.block[0]!.header)
    const key = createActiveParticipantsKey(1n)
    const refused = expect.objectContaining({ code: 'op-key-mismatch' })
    expect(() => verifyChained({ ops, appHash, store: STORE_NAME, key, value })).toThrow(refused)
  })

  test('any JSON there is, with nothing else than what is wrong with it', async () => {
    const { url } = await startServer((request, response) => tell({ bundle: answer })(request, response))
    let answer: unknown
    const { discovery } = createDiscovery(proving({ sourceUrl: url }))
    const part = fc.oneof(fc.jsonValue(), fc.string({ unit: fc.constantFrom(...'0123456789abcdef') }))
    const junk = fc.record(
      { active_participants_bytes: part, proof_ops: fc.oneof(part, fc.record({ ops: fc.array(part) })) },
      { requiredKeys: [] },
    )
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.jsonValue(), junk), async (value) => {
        answer = value
        expect(await rejectionOf(discovery.discover())).toMatchObject({ name: 'GonkaProofVerificationError' })
      }),
    )
  })
})
