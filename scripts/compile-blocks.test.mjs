import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { compileBlocks } from './compile-blocks.mjs'
import { readCodeBlocks } from './read-markdown.mjs'

/** Compiles one Markdown text inside a small built package named `sample`. */
async function compile(markdown, { name = 'packages/sample/README.md', use } = {}) {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'compile-blocks-')))
  const manifest = { name: 'sample', type: 'module', exports: { '.': './dist/index.js' } }
  const tsconfig = join(dir, 'tsconfig.json')
  try {
    mkdirSync(join(dir, 'dist'))
    writeFileSync(join(dir, 'package.json'), JSON.stringify(manifest))
    writeFileSync(join(dir, 'dist/index.d.ts'), 'export declare function add(a: number, b: number): number\n')
    const compilerOptions = { module: 'nodenext', target: 'es2022', strict: true, types: [], noUnusedLocals: true }
    writeFileSync(tsconfig, JSON.stringify({ compilerOptions }))
    const result = await compileBlocks({ dir, tsconfig, documents: [{ name, blocks: readCodeBlocks(markdown) }], use })
    return { ...result, leftOver: existsSync(join(dir, '.readme-check')) }
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

test('a block compiles against the package by its own name, with top-level await and unused names', async () => {
  const markdown = "# Use\n\n```ts\nimport { add } from 'sample'\nconst sum = await Promise.resolve(add(1, 2))\n```\n"
  assert.deepEqual(await compile(markdown), { blockCount: 1, problems: [], leftOver: false })
})

test('an error is reported at its line of the document, and the folder is removed all the same', async () => {
  const { problems, leftOver } = await compile("# Use\n\n```ts\nimport { add } from 'sample'\nadd('1', 2)\n```\n")
  assert.equal(problems.length, 1)
  assert.match(problems[0], /^packages\/sample\/README\.md:5: error TS2345: /)
  assert.equal(leftOver, false)
})

test('a wrong import fails', async () => {
  const { problems } = await compile("```ts\nimport { subtract } from 'sample'\nsubtract()\n```\n")
  assert.match(problems.join('\n'), /README\.md:2: error TS2305: .*subtract/)
})

test('each block stands alone: names of one block are unknown in the next, and may be declared again', async () => {
  const again = await compile('```ts\nconst a = 1\n```\n```ts\nconst a = 2\n```\n')
  assert.deepEqual(again, { blockCount: 2, problems: [], leftOver: false })
  const { problems } = await compile('```ts\nconst a = 1\n```\n```ts\nlet b = a\n```\n')
  assert.match(problems.join('\n'), /README\.md:5: error TS2304/)
})

test('blocks of other languages are not compiled', async () => {
  const result = await compile('```js\nnot ( valid\n```\n```\nplain\n```\n')
  assert.deepEqual(result, { blockCount: 0, problems: [], leftOver: false })
})

test('what has compiled is given out as JavaScript with its place and the words after its fence', async () => {
  let seen
  const use = async (blocks) => {
    seen = blocks.map(({ path, ...block }) => ({ ...block, code: readFileSync(path, 'utf8').includes('const a = 1') }))
    return ['a problem of the user']
  }
  const result = await compile('```ts runnable\nexport const a = 1\n```\n', { use })
  assert.deepEqual(seen, [{ name: 'packages/sample/README.md', line: 2, info: ['runnable'], code: true }])
  assert.deepEqual(result, { blockCount: 1, problems: ['a problem of the user'], leftOver: false })
})

test('nothing is given out while a block does not compile', async () => {
  let isUsed = false
  const use = async () => {
    isUsed = true
    return []
  }
  const { problems } = await compile('```ts\nconst a: string = 1\n```\n', { use })
  assert.equal(problems.length, 1)
  assert.equal(isUsed, false)
})
