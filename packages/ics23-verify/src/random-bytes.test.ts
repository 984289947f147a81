import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { compare, createRandom, utf8 } from './fixtures/bytes.ts'
import { editRandomly } from './fixtures/corrupt.ts'
import { encodeExistence, encodeNonExistence } from './fixtures/encode-proof.ts'
import { expectRefusal, refusalOf } from './fixtures/expect-refusal.ts'
import { KEY, TREES, VALUE } from './fixtures/scene.ts'
import { verifyMembership } from './verify-membership.ts'
import { verifyNonMembership } from './verify-non-membership.ts'

const STRINGS = 100_000
const MAX_GROWTH_BYTES = 1024 * 1024
const SEED = 20_261_121

it('100,000 random and edited byte strings: a coded error each, no crash, no hang, no memory kept', {
  timeout: 60_000,
}, () => {
  const random = createRandom(SEED)
  const codes = new Set<string>()
  runBatch(random, 2_000, codes) // lets the engine compile before memory is measured
  const before = heapBytes()
  runBatch(random, STRINGS, codes)
  expect(heapBytes() - before).toBeLessThan(MAX_GROWTH_BYTES)
  expect([...codes].sort()).toEqual(expect.arrayContaining(['key-mismatch', 'proof-kind-wrong', 'proof-malformed']))
})

it.each([
  ['one field of groups', new Uint8Array(1024 * 1024).fill(0x0b), ['proof-malformed', 'proof-malformed']],
  ['zeros', new Uint8Array(1024 * 1024), ['proof-malformed', 'proof-malformed']],
  ['continuation bits', new Uint8Array(1024 * 1024).fill(0xff), ['proof-malformed', 'proof-malformed']],
  ['lengths within lengths', new Uint8Array(1024 * 1024).fill(0x0a), ['proof-malformed', 'proof-malformed']],
  ['empty inner nodes', manyEmptyInnerNodes(), ['proof-too-deep', 'proof-kind-wrong']],
] as const)('1 MiB of %s is refused at once', (_, proof, [present, absent]) => {
  const started = performance.now()
  expectRefusal(() => verifyMembership({ ...membership('iavl'), proof }), present)
  expectRefusal(() => verifyNonMembership({ ...membership('simple'), proof }), absent)
  expect(performance.now() - started).toBeLessThan(1_000)
})

function runBatch(random: () => number, count: number, codes: Set<string>): void {
  const absence = { key: utf8('key-k'), existing: false }
  const seeds = (['iavl', 'simple'] as const).flatMap((spec) => [
    { spec, key: KEY, existing: true, proof: encodeExistence(TREES[spec].prove(KEY)) },
    { spec, ...absence, proof: encodeNonExistence(TREES[spec].proveAbsence(absence.key)) },
  ])
  for (let i = 0; i < count; i++) {
    const seed = seeds[i % seeds.length]
    if (seed === undefined) return
    const { spec, key, existing } = seed
    const proof = i % 3 === 0 ? randomBytes(random) : editRandomly(seed.proof, random)
    if (compare(proof, seed.proof) === 0) continue
    const claim = { ...membership(spec), proof, key }
    const error = refusalOf(() => (existing ? verifyMembership(claim) : verifyNonMembership(claim)))
    codes.add(error?.code ?? `accepted ${Buffer.from(proof).toString('hex')}`)
  }
  expect([...codes].filter((code) => code.startsWith('accepted'))).toEqual([])
}

function membership(spec: 'iavl' | 'simple') {
  return { proof: new Uint8Array(), root: TREES[spec].root, key: KEY, value: VALUE, spec }
}

function randomBytes(random: () => number): Uint8Array {
  return Uint8Array.from({ length: Math.floor(random() * 300) }, () => Math.floor(random() * 256))
}

function manyEmptyInnerNodes(): Uint8Array {
  const bytes = new Uint8Array(1024 * 1024)
  bytes.set([0x0a, 0xfb, 0xff, 0x3f])
  for (let i = 4; i < bytes.length - 1; i += 2) bytes[i] = 0x22
  return bytes.subarray(0, bytes.length - 1)
}

function heapBytes(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  collect()
  return process.memoryUsage().heapUsed
}
