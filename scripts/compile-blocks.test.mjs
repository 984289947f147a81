import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { compileBlocks } from './compile-blocks.mjs'
import { readCodeBlocks } from './read-markdown.mjs'

/** Compiles one Markdown text inside a small built package named `sample`. */
function compile(markdown, name = 'packages/sample/README.md') {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'compile-blocks-')))
  const manifest = { name: 'sample', type: 'module', exports: { '.': './dist/index.js' } }
  const tsconfig = join(dir, 'tsconfig.json')
  try {
    mkdirSync(join(dir, 'dist'))
    writeFileSync(join(dir, 'package.json'), JSON.stringify(manifest))
    writeFileSync(join(dir, 'dist/index.d.ts'), 'export declare function add(a: number, b: number): number\n')
    const compilerOptions = { module: 'nodenext', target: 'es2022', strict: true, types: [], noUnusedLocals: true }
    writeFileSync(tsconfig, JSON.stringify({ compilerOptions }))
    const result = compileBlocks({ dir, tsconfig, documents: [{ name, blocks: readCodeBlocks(markdown) }] })
    return { ...result, leftOver: existsSync(join(dir, '.readme-check')) }
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

test('a block compiles against the package by its own name, with top-level await and unused names', () => {
  const markdown = "# Use\n\n```ts\nimport { add } from 'sample'\nconst sum = await Promise.resolve(add(1, 2))\n```\n"
  assert.deepEqual(compile(markdown), { blockCount: 1, problems: [], leftOver: false })
})

test('an error is reported at its line of the document, and the folder is removed all the same', () => {
  const { problems, leftOver } = compile("# Use\n\n```ts\nimport { add } from 'sample'\nadd('1', 2)\n```\n")
  assert.equal(problems.length, 1)
  assert.match(problems[0], /^packages\/sample\/README\.md:5: error TS2345: /)
  assert.equal(leftOver, false)
})

test('a wrong import fails', () => {
  const { problems } = compile("```ts\nimport { subtract } from 'sample'\nsubtract()\n```\n")
  assert.match(problems.join('\n'), /README\.md:2: error TS2305: .*subtract/)
})

test('each block stands alone: names of one block are unknown in the next, and may be declared again', () => {
  const again = compile('```ts\nconst a = 1\n```\n```ts\nconst a = 2\n```\n')
  assert.deepEqual(again, { blockCount: 2, problems: [], leftOver: false })
  const { problems } = compile('```ts\nconst a = 1\n```\n```ts\nlet b = a\n```\n')
  assert.match(problems.join('\n'), /README\.md:5: error TS2304/)
})

test('blocks of other languages are not compiled', () => {
  const result = compile('```js\nnot ( valid\n```\n```\nplain\n```\n')
  assert.deepEqual(result, { blockCount: 0, problems: [], leftOver: false })
})
