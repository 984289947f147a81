import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { findDocGaps, listEntries } from './find-doc-gaps.mjs'

const CONFIG = JSON.stringify({
  compilerOptions: {
    target: 'es2022',
    module: 'nodenext',
    strict: true,
    types: [],
    allowImportingTsExtensions: true,
    noEmit: true,
  },
  include: ['src'],
})

/** Writes a package and returns its gaps as `file:line symbol`. */
function gapsOf(files, exports = { '.': './dist/index.js' }) {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'doc-gaps-')))
  const manifest = { name: 'sample', type: 'module', exports }
  const all = { 'tsconfig.json': CONFIG, 'package.json': JSON.stringify(manifest), ...files }
  try {
    for (const [path, text] of Object.entries(all)) {
      mkdirSync(dirname(join(dir, path)), { recursive: true })
      writeFileSync(join(dir, path), text)
    }
    return findDocGaps({ name: 'sample', dir, manifest }).map((gap) => `${gap.file}:${gap.line} ${gap.symbol}`)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

test('an exported declaration without a comment is named with file and line', () => {
  const source =
    '/** Fine. */\nexport const a = 1\nexport const b = 2\nexport function c(): void {}\nexport type D = string\n'
  assert.deepEqual(gapsOf({ 'src/index.ts': source }), ['src/index.ts:3 b', 'src/index.ts:4 c', 'src/index.ts:5 D'])
})

test('re-exports are followed to the declaring file, also when renamed', () => {
  const files = {
    'src/index.ts':
      "export { type Shape, hidden as shown } from './inner.ts'\nexport type { Plain } from './inner.ts'\n",
    'src/inner.ts': '/** Fine. */\nexport interface Shape {}\nexport const hidden = 1\nexport interface Plain {}\n',
  }
  assert.deepEqual(gapsOf(files), ['src/inner.ts:3 shown', 'src/inner.ts:4 Plain'])
})

test('a declaration that no entry exports needs no comment', () => {
  const files = { 'src/index.ts': "import './inner.ts'\nexport {}\n", 'src/inner.ts': 'export const secret = 1\n' }
  assert.deepEqual(gapsOf(files), [])
})

test('public class members need a comment; private, protected, # and overriding ones do not', () => {
  const source = `
/** Base. */
export class Base extends Error {
  override readonly name = 'Base'
  /** Documented. */
  code = 'x'
  bare = 1
  #own = 1
  private mine = 1
  protected ours = 1
  get size(): number { return this.#own + this.mine }
  run(): void {}
}
/** Child, whose \`code\` is explained above. */
export class Child extends Base {
  declare code: 'x'
}
`
  assert.deepEqual(gapsOf({ 'src/index.ts': source }), [
    'src/index.ts:7 Base.bare',
    'src/index.ts:11 Base.size',
    'src/index.ts:12 Base.run',
  ])
})

test('members of interfaces and object types need a comment or their name in the comment of the type', () => {
  const source = `
/** Says \`told\`, not untold. */
export interface Port { told: string; untold: string }
/** Options. */
export type Options = {
  /** Fine. */
  a: string
  b: string
} & { c: string }
`
  assert.deepEqual(gapsOf({ 'src/index.ts': source }), [
    'src/index.ts:3 Port.untold',
    'src/index.ts:8 Options.b',
    'src/index.ts:9 Options.c',
  ])
})

test('members documented by an implemented interface are covered', () => {
  const source = `
/** Port. */
export interface Port {
  /** Sends. */
  send(): void
}
/** Adapter. */
export class Adapter implements Port { send(): void {} }
`
  assert.deepEqual(gapsOf({ 'src/index.ts': source }), [])
})

test('a plain comment, an empty doc comment and a lone tag are no documentation of an export', () => {
  const source = '// plain\nexport const a = 1\n/** */\nexport const b = 1\n/** @example b */\nexport const c = 1\n'
  assert.deepEqual(gapsOf({ 'src/index.ts': source }), ['src/index.ts:2 a', 'src/index.ts:4 b', 'src/index.ts:6 c'])
})

test('every entry is checked, and a missing one or an import that does not resolve is a gap', () => {
  const exports = { '.': './dist/index.js', './extra': './dist/index-extra.js', './gone': './dist/gone.js' }
  const files = {
    'src/index.ts': "export { thing } from 'not-installed'\n",
    'src/index-extra.ts': 'export const extra = 1\n',
  }
  assert.deepEqual(gapsOf(files, exports), [
    'src/gone.ts:1 (entry does not exist)',
    'src/index-extra.ts:1 extra',
    'src/index.ts:1 thing (cannot be resolved; build its package first)',
  ])
})

test('entries come from the built files of the exports map, not from package.json itself', () => {
  const exports = { '.': './dist/index.js', './errors': './dist/errors.js', './package.json': './package.json' }
  assert.deepEqual(listEntries({ manifest: { exports } }), ['src/index.ts', 'src/errors.ts'])
})
