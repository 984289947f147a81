import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

/** A case that every verifier must reject: what it is, the files of its tests, and the codes that they expect. */
type Case = readonly [what: string, files: string | readonly string[], ...codes: string[]]

const FORMAT = 'ics23-verify/src/must-reject-format.test.ts'
const CLAIMS = 'ics23-verify/src/must-reject-claims.test.ts'
const ABSENCE = 'ics23-verify/src/must-reject-absence.test.ts'
const COMMIT = 'light-client/src/verify-commit.test.ts'
const BLOCK = 'light-client/src/verify-light-block.test.ts'
const CLIENT = 'light-client/src/light-client.test.ts'
const LIES = 'light-client/src/light-client-lies.test.ts'
const PARSE = 'light-client/src/parse.test.ts'
const SOURCE = 'light-client/src/create-rpc-source.test.ts'

/** By their numbers; their tests have the number in their names, as `case 07: …` or `(70) …`. */
const CASES: Readonly<Record<number, Case>> = {
  1: ['leaf prefix that swallows the head of a key', FORMAT, 'leaf-prefix-wrong'],
  2: ['leaf prefix of 00 alone', FORMAT, 'leaf-prefix-wrong'],
  3: ['leaf of a size other than 1', FORMAT, 'leaf-prefix-wrong'],
  4: ['padded or negative varints in a leaf prefix', FORMAT, 'leaf-prefix-wrong'],
  5: ['bytes after the version of a leaf', FORMAT, 'leaf-prefix-wrong'],
  6: ['inner prefix 00 in the simple tree', FORMAT, 'inner-prefix-wrong'],
  7: ['inner prefix 02', FORMAT, 'inner-prefix-wrong'],
  8: ['inner node with both siblings, or none', FORMAT, 'inner-prefix-wrong'],
  9: ['suffix of an odd length', FORMAT, 'inner-prefix-wrong'],
  10: ['length byte other than 20', FORMAT, 'inner-prefix-wrong'],
  11: ['height that does not grow', FORMAT, 'inner-order-wrong'],
  12: ['child from the middle', FORMAT, 'inner-prefix-wrong'],
  13: ['too many inner nodes', FORMAT, 'proof-too-deep'],
  14: ['other hash and length ops', FORMAT, 'inner-op-wrong', 'leaf-op-wrong'],
  15: ['batch or compressed proof', FORMAT, 'proof-kind-wrong'],
  16: ['existence and absence together', FORMAT, 'proof-kind-wrong'],
  17: ['unknown and repeated fields, junk, groups', FORMAT, 'proof-kind-wrong', 'proof-malformed'],
  18: ['empty key or value', FORMAT, 'key-empty', 'value-empty'],
  19: ['1 MiB and a byte', FORMAT, 'proof-too-large'],
  20: ['other value', CLAIMS, 'value-mismatch'],
  21: ['other key', CLAIMS, 'key-mismatch'],
  22: ['key that is a prefix or an extension', CLAIMS, 'key-mismatch'],
  23: ['other epoch in the key', CLAIMS, 'key-mismatch', 'op-key-mismatch'],
  24: ['key of the op or of the proof changed', CLAIMS, 'key-mismatch', 'op-key-mismatch'],
  25: ['ops swapped, missing, too many', CLAIMS, 'ops-count-wrong', 'ops-type-wrong'],
  26: ['other op types', CLAIMS, 'ops-type-wrong'],
  27: ['other store', CLAIMS, 'key-mismatch', 'op-key-mismatch'],
  28: ['store root not of 32 bytes', CLAIMS, 'store-root-wrong'],
  29: ['app hash of the header before', CLAIMS, 'root-mismatch'],
  30: ['existence for absence, and the reverse', CLAIMS, 'proof-kind-wrong'],
  31: ['no proof for absence', CLAIMS, 'ops-count-wrong', 'proof-kind-wrong'],
  32: ['neighbours not adjacent', ABSENCE, 'neighbours-not-adjacent'],
  33: ['key equal to a neighbour', ABSENCE, 'key-not-between'],
  34: ['neighbours swapped', ABSENCE, 'key-not-between'],
  35: ['neighbours under different roots', ABSENCE, 'root-mismatch'],
  36: ['one neighbour, not at the end', ABSENCE, 'neighbours-not-adjacent'],
  37: ['one leaf as both neighbours', ABSENCE, 'key-not-between'],
  38: ['other declared key', ABSENCE, 'key-mismatch'],
  39: ['no neighbour', ABSENCE, 'neighbours-missing'],
  40: ['leaf read anew as a neighbour', ABSENCE, 'leaf-prefix-wrong'],
  41: ['header field changed', COMMIT, 'header-hash-mismatch'],
  42: ['other chain id', COMMIT, 'chain-id-mismatch', 'signature-invalid'],
  43: ['commit of other fields', COMMIT, 'commit-invalid', 'header-hash-mismatch', 'signature-invalid'],
  44: ['bad signature', COMMIT, 'signature-invalid'],
  45: ['signature at another index', COMMIT, 'commit-invalid', 'signature-invalid'],
  46: ['other address of a vote', COMMIT, 'commit-invalid'],
  47: ['validator twice', COMMIT, 'commit-invalid', 'validators-invalid'],
  48: ['nil votes counted', COMMIT, 'not-enough-power', 'signature-invalid'],
  49: ['exactly 2/3 of the power', COMMIT, 'not-enough-power'],
  50: ['absent vote with data', COMMIT, 'commit-invalid'],
  51: ['time of a vote changed or cut', COMMIT, 'signature-invalid'],
  52: ['signature with S + L, or of another length', COMMIT, 'commit-invalid', 'signature-invalid'],
  53: ['other set', COMMIT, 'validators-hash-mismatch', 'validators-invalid'],
  54: ['negative or huge power', COMMIT, 'validators-invalid'],
  55: ['key of another kind', PARSE, 'key-type-unsupported'],
  56: ['key of another address', COMMIT, 'validators-invalid'],
  57: ['trusted header that expired', [CLIENT, BLOCK], 'trust-expired'],
  58: ['header from the future', [CLIENT, BLOCK], 'header-from-future'],
  59: ['height or time not above', BLOCK, 'height-not-increasing', 'time-not-increasing'],
  60: ['next height by another set', BLOCK, 'validators-hash-mismatch'],
  61: ['skip with exactly 1/3', BLOCK, 'not-enough-trust'],
  62: ['skip with a vote twice', BLOCK, 'commit-invalid', 'validators-invalid'],
  63: ['trusted set not the one named', BLOCK, 'validators-hash-mismatch', 'validators-invalid', 'validators-missing'],
  64: ['trust level out of range', BLOCK, 'not-enough-trust', 'trust-level-invalid'],
  65: ['other height than asked', [SOURCE, LIES], 'rpc-answer-invalid'],
  66: ['endless bisection', LIES, 'bisection-failed', 'rpc-answer-invalid'],
  67: ['witness with another header', LIES, 'witness-conflict'],
  68: ['no witness', LIES, 'witness-missing'],
  69: ['broken link backwards', CLIENT, 'backwards-link-broken'],
  70: ['pages that lie', SOURCE, 'rpc-answer-invalid', 'validators-invalid'],
  71: ['clock moved back', [CLIENT, BLOCK], 'clock-moved-back'],
}

const ACCEPTED = 'ics23-verify/src/must-accept.test.ts'

/** Odd but honest, so every verifier must accept it: what it is, and the beginning of the name of its test. */
const ODDITIES: readonly (readonly [what: string, file: string, test: string])[] = [
  ['canonical commits', SOURCE, 'gives headers with their commits'],
  ['seen commits', SOURCE, 'may have seen other votes for its newest block'],
  ['nil votes', COMMIT, 'may hold nil and absent votes'],
  ['66.71 %', COMMIT, '%i against %i votes is %s'],
  ['signatures that only ZIP-215 takes', COMMIT, 'may hold a signature that only ZIP-215 takes'],
  ['heights above 2^31, the first header', COMMIT, 'may be of a later round, of the first height, or far above'],
  ['versions with and without app', PARSE, 'a header %s'],
  ['single-leaf trees', ACCEPTED, 'may have a single leaf'],
  ['times with 0 to 9 digits', PARSE, '%s is %i ns'],
  ['an empty suffix written out', ACCEPTED, 'may be proved with the two fields whose value is the default'],
]

/** The source of every test whose name has the number of a case, with that of the helpers that it calls. */
function findTests(): Map<number, { file: string; source: string }[]> {
  const found = new Map<number, { file: string; source: string }[]>()
  for (const file of ['ics23-verify/src', 'light-client/src'].flatMap(testFilesIn)) {
    const text = readFileSync(new URL(file, PACKAGES), 'utf8')
    for (const chunk of text.split(/\n(?=[^\S\n]*(?:it|test)[.(])/)) {
      const [indent = ''] = /^\s*/.exec(chunk) ?? []
      const title = /['`](?:case (\d\d):|\((\d\d)\)) /.exec(chunk)
      if (!title) continue
      const end = chunk.indexOf(`\n${indent}})`, title.index)
      const body = chunk.slice(0, end)
      const number = Number(title[1] ?? title[2])
      found.set(number, [...(found.get(number) ?? []), { file, source: body + helpersOf(body, text) }])
    }
  }
  return found
}

const PACKAGES = new URL('../../', import.meta.url)

function testFilesIn(folder: string): string[] {
  const names = readdirSync(new URL(folder, PACKAGES))
  return names.filter((name) => name.endsWith('.test.ts')).map((name) => `${folder}/${name}`)
}

function helpersOf(body: string, text: string): string {
  const names = new Set([...body.matchAll(/\b(expect[A-Z]\w+)\(/g)].map(([, name]) => name))
  return [...names].map((name) => new RegExp(`function ${name}\\([\\s\\S]*?\\n  }`).exec(text)?.[0] ?? '').join('')
}

const tests = findTests()
const codes = new Set(Object.values(CASES).flatMap(([, , ...expected]) => expected))

test('every case from 1 to 71 is in the table, and every number in the name of a test is one of them', () => {
  const numbers = Array.from({ length: 71 }, (_, index) => index + 1)
  expect(Object.keys(CASES).map(Number)).toEqual(numbers)
  expect([...tests.keys()].sort((a, b) => a - b)).toEqual(numbers)
})

test.each(Object.entries(CASES))(
  'case %s is tested where the table says, for these codes and no others',
  (number, row) => {
    const [, files, ...expected] = row
    const found = tests.get(Number(number)) ?? []
    expect([...new Set(found.map(({ file }) => file))]).toEqual([files].flat())
    const named = found.flatMap(({ source }) => [...source.matchAll(/'([a-z0-9-]+)'/g)].map(([, code = '']) => code))
    expect([...new Set(named)].filter((code) => codes.has(code)).sort()).toEqual(expected)
  },
)

test.each(ODDITIES)('%s are accepted where the table says', (_what, file, name) => {
  expect(readFileSync(new URL(file, PACKAGES), 'utf8').split(`('${name}`)).toHaveLength(2)
})
