import { existsSync, readFileSync } from 'node:fs'
import { verifyChained } from '@gonka/ics23-verify'
import { parseHeader } from '@gonka/light-client'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createActiveParticipantsKey, STORE_NAME } from './active-participants-key.ts'
import { createDiscovery, rejectionOf } from './fixtures/discover.ts'
import {
  CHAIN_ID,
  changed,
  EPOCH_7,
  type EpochAnswer,
  HASH_101,
  type Telling,
  TIME_101_MS,
  tell,
} from './fixtures/epoch-7.ts'
import { startServer } from './fixtures/server.ts'
import { createMemoryTrustStore } from './memory-trust-store.ts'
import { parseProvenBundle } from './parse-proven-bundle.ts'
import type { EndpointDiscoveryOptions, Trust } from './types.ts'

/** An answer from a test network of April 2025, as the network's documentation shows it. */
function readSample(): EpochAnswer & { block: { header: { time: string } }[] } {
  return JSON.parse(readFileSync(new URL('gonka/docs-epoch1-participants.json', VECTORS), 'utf8')).response
}

/** Published data beside the repository: where the folder is, nothing that it holds may be missing. */
const VECTORS = new URL('../../../../shared/vectors/', import.meta.url)
const withVectors = test.skipIf(!existsSync(VECTORS))

const HOUR_MS = 3_600_000
const ANCHOR = { height: 101, hash: HASH_101 }

async function discover(
  telling: Telling = {},
  options: EndpointDiscoveryOptions = {},
  epoch: string | number = 'current',
): ReturnType<ReturnType<typeof createDiscovery>['discovery']['discover']> {
  const { url } = await startServer(tell(telling))
  return createDiscovery(proving({ sourceUrl: url, ...options })).discovery.discoverForEpoch(epoch)
}

function proving(options: EndpointDiscoveryOptions): EndpointDiscoveryOptions {
  return {
    verifyProofs: true,
    chainId: CHAIN_ID,
    trust: ANCHOR,
    now: () => TIME_101_MS + HOUR_MS,
    allowPrivateHosts: true,
    transferAgents: [],
    retryCount: 0,
    ...options,
  }
}

async function startWitness(telling: Telling = {}): Promise<string> {
  return (await startServer(tell(telling))).url
}

describe('a proven list', () => {
  const kinds: [string, () => Promise<Trust>][] = [
    ['anchored', async () => ANCHOR],
    ['agreed', async () => ({ witnesses: [await startWitness(), await startWitness()], quorum: 2 })],
    ['first-use', async () => 'first-use'],
  ]

  test.each(kinds)('is accepted on the trust %s, and says so', async (trust, create) => {
    const result = await discover({}, { trust: await create() })
    expect(result).toMatchObject({
      epochId: 7,
      trust,
      provenBy: { height: 101, hash: HASH_101, timeMs: TIME_101_MS },
      rejected: [],
    })
    expect(result.participants.map(({ inferenceUrl, weight }) => [inferenceUrl, weight])).toEqual([
      ['http://127.0.0.1:18081', 60],
      ['http://127.0.0.1:18082', 30],
    ])
  })

  test('comes from the proven bytes, whatever the JSON beside them says', async () => {
    const { participants } = await discover()
    const bundle = changed(EPOCH_7.bundle, (copy) => {
      for (const each of copy.active_participants.participants) Object.assign(each, { weight: 999, models: ['thief'] })
    })
    expect((await discover({ bundle })).participants).toEqual(participants)
    for (const told of [undefined, null, 'none', {}, { participants: 7 }]) {
      const answer = { ...EPOCH_7.bundle, active_participants: told }
      expect((await discover({ bundle: answer })).participants).toEqual(participants)
    }
    const moved = changed(EPOCH_7.bundle, (copy) => {
      for (const each of copy.active_participants.participants) each.inference_url = 'http://thief.example'
    })
    expect((await discover({ bundle: moved }, {}, 7)).participants).toEqual(participants)
  })

  test('loses whom the node calls excluded, and gains nobody by it', async () => {
    const [, second] = (await discover()).participants
    const excluded = [{ address: second!.address, reason: 'cPoC' }, { address: 'gonka1stranger' }]
    const result = await discover({ bundle: { ...EPOCH_7.bundle, excluded_participants: excluded } })
    expect(result.participants).toHaveLength(1)
    expect(result.rejected).toEqual([{ address: second!.address, reason: 'excluded' }])
  })

  test('is what getCurrentEpoch goes by', async () => {
    const { url } = await startServer(tell())
    expect(await createDiscovery(proving({ sourceUrl: url })).discovery.getCurrentEpoch()).toBe(7)
    const { url: liar } = await startServer(tell({ bundle: { ...EPOCH_7.bundle, proof_ops: null } }))
    const error = await rejectionOf(createDiscovery(proving({ sourceUrl: liar })).discovery.getCurrentEpoch())
    expect(error).toMatchObject({ code: 'proof-malformed' })
  })

  test('is proven again for every one of many calls at once, with one pin for all', async () => {
    const { url } = await startServer(tell())
    const { discovery } = createDiscovery(proving({ sourceUrl: url, trust: 'first-use' }))
    const results = await Promise.all(Array.from({ length: 20 }, () => discovery.discover()))
    expect(new Set(results.map(({ provenBy }) => provenBy?.hash))).toEqual(new Set([HASH_101]))
  })
})

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

function absent(signatures: unknown[], index: number): void {
  signatures[index] = { block_id_flag: 1, validator_address: '', timestamp: '0001-01-01T00:00:00Z', signature: null }
}

describe('votes', () => {
  test.each([
    [0, false],
    [1, true],
    [2, true],
  ])('without validator %i: %s', async (index, isEnough) => {
    const signedHeader = changed(EPOCH_7.signed_header, ({ commit }) => absent(commit.signatures, index))
    const discovering = discover({ signedHeader }, { trust: 'first-use' })
    if (isEnough) expect((await discovering).epochId).toBe(7)
    else expect(await rejectionOf(discovering)).toMatchObject({ code: 'not-enough-power' })
  })
})

describe('age', () => {
  test.each([
    [25 * HOUR_MS, undefined, undefined],
    [25 * HOUR_MS + 1, undefined, 'epoch-stale'],
    [1_000, 1_000, undefined],
    [1_001, 1_000, 'epoch-stale'],
    [-9_999, undefined, undefined],
    [-10_000, undefined, 'header-from-future'],
  ])('of %i ms, at most %s: %s', async (ageMs, maxAgeMs, code) => {
    const discovering = discover({}, { now: () => TIME_101_MS + ageMs, maxAgeMs, trust: 'first-use' })
    if (code === undefined) expect((await discovering).epochId).toBe(7)
    else expect(await rejectionOf(discovering)).toMatchObject({ code })
  })

  test('ahead of the clock is refused although witnesses agree on it', async () => {
    const trust = { witnesses: [await startWitness()], quorum: 1 }
    const error = await rejectionOf(discover({}, { trust, now: () => TIME_101_MS - 10_000 }))
    expect(error).toMatchObject({ code: 'header-from-future' })
  })

  test('does not matter for an epoch that is asked for by number', async () => {
    const now = (): number => TIME_101_MS + 30 * HOUR_MS
    expect((await discover({}, { now }, 7)).epochId).toBe(7)
    expect(await rejectionOf(discover({}, { now }))).toMatchObject({ code: 'epoch-stale' })
  })
})

describe('witnesses', () => {
  const other = (): Telling => ({
    signedHeader: changed(EPOCH_7.signed_header, ({ header }) => {
      header.app_hash = HASH_101
    }),
  })

  test('that contradict each other end the search, whatever other sources say', async () => {
    const witnesses = [await startWitness(), await startWitness(other()), await startWitness()]
    const { url } = await startServer(tell())
    const { url: next, paths } = await startServer(tell())
    const options = proving({ sourceUrls: [url, next], trust: { witnesses, quorum: 1 }, retryCount: 3 })
    const error = await rejectionOf(createDiscovery(options).discovery.discover())
    expect(error).toMatchObject({ name: 'GonkaProofVerificationError', code: 'witness-conflict' })
    for (const witness of witnesses) expect(error.message).toContain(witness)
    expect(paths).toEqual([])
  })

  test('that all contradict the source are believed to be right, and the next source is asked', async () => {
    const witnesses = [await startWitness(other()), await startWitness(other())]
    const error = await rejectionOf(discover({}, { trust: { witnesses, quorum: 2 } }))
    expect(error).toMatchObject({ code: 'witness-conflict' })
    expect(error.message).toContain(HASH_101)
  })

  test('that do not answer leave too few', async () => {
    const { url: down } = await startServer((_request, response) => void response.destroy())
    const witnesses = [down, await startWitness()]
    expect((await discover({}, { trust: { witnesses, quorum: 1 } })).trust).toBe('agreed')
    const error = await rejectionOf(discover({}, { trust: { witnesses, quorum: 2 } }))
    expect(error).toMatchObject({ code: 'witness-missing' })
    expect(error.message).toContain(`1 of the 2 witnesses that are needed`)
    expect(error.message).toContain(down)
  })

  test('are others than the source, which cannot vouch for itself', async () => {
    const { url } = await startServer(tell())
    const trust = { witnesses: [url, await startWitness()], quorum: 2 }
    expect(() => createDiscovery(proving({ sourceUrl: url, trust }))).toThrow(
      expect.objectContaining({ name: 'GonkaConfigError', field: 'trust.quorum' }),
    )
    const result = await discover({}, { sourceUrl: url, trust: { ...trust, quorum: 1 } })
    expect(result.trust).toBe('agreed')
    const { url: down } = await startServer((_request, response) => void response.destroy())
    const three = { witnesses: [...trust.witnesses, down], quorum: 2 }
    const error = await rejectionOf(discover({}, { sourceUrl: url, trust: three }))
    expect(error).toMatchObject({ code: 'witness-missing' })
  })
})

describe('after a source that lied', () => {
  const liar = (): Telling => ({ bundle: { ...EPOCH_7.bundle, active_participants_bytes: '28643007' } })

  test('the next one is asked, and the lie is told to the logger', async () => {
    const warnings: unknown[] = []
    const logger = { warn: (_message: string, details: unknown) => void warnings.push(details) }
    const { url: first } = await startServer(tell(liar()))
    const { url: second } = await startServer(tell())
    const options = proving({ sourceUrls: [first, second], logger })
    expect((await createDiscovery(options).discovery.discover()).sourceUrl).toBe(second)
    expect(warnings).toEqual([{ sourceUrl: first, code: 'value-mismatch' }])
  })

  test('the error tells of its lie beside what the others said', async () => {
    const { url: first } = await startServer(tell(liar()))
    const { url: second } = await startServer((_request, response) => void response.writeHead(503).end())
    const options = proving({ sourceUrls: [first, second] })
    const error = await rejectionOf(createDiscovery(options).discovery.discover())
    expect(error).toMatchObject({ code: 'discovery-failed', cause: { code: 'value-mismatch' } })
    expect(error.message).toContain(first)
    expect(error.message).toContain('503')
  })

  test('first use pins nothing', async () => {
    const trustStore = createMemoryTrustStore()
    await rejectionOf(discover(liar(), { trust: 'first-use', trustStore }))
    expect(await trustStore.load()).toBeUndefined()
  })
})

test('a chain that cannot be asked now is asked again', async () => {
  let asked = 0
  const { url } = await startServer((request, response) => {
    if (request.url?.startsWith('/chain-rpc/') && asked++ === 0) response.writeHead(503).end()
    else tell()(request, response)
  })
  const { discovery, pauses } = createDiscovery(proving({ sourceUrl: url, retryCount: 1 }))
  expect((await discovery.discover()).epochId).toBe(7)
  expect(pauses).toHaveLength(1)
})

test('a chain that refuses for good is not asked again', async () => {
  const { url, paths } = await startServer((request, response) => {
    if (request.url?.startsWith('/chain-rpc/')) response.writeHead(403).end()
    else tell()(request, response)
  })
  const { discovery } = createDiscovery(proving({ sourceUrl: url, retryCount: 3 }))
  expect(await rejectionOf(discovery.discover())).toMatchObject({ code: 'discovery-failed', statusCode: 403 })
  expect(paths).toHaveLength(2)
})

test('the abort of the caller ends it, whatever is being fetched', async () => {
  const reason = new Error('enough')
  for (const path of ['/v1/', '/chain-rpc/commit', '/chain-rpc/validators']) {
    const controller = new AbortController()
    const { url } = await startServer((request, response) => {
      if (request.url?.startsWith(path)) controller.abort(reason)
      else tell()(request, response)
    })
    const { discovery } = createDiscovery(proving({ sourceUrl: url, trust: 'first-use' }))
    expect(await rejectionOf(discovery.discover({ signal: controller.signal }))).toBe(reason)
  }
})
