import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { formatReference } from './format-reference.mjs'
import { readReference } from './read-reference.mjs'

/** Writes the page of a package with these declarations. */
function pageOf(declarations, exports = { '.': './dist/index.js' }) {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'reference-')))
  try {
    mkdirSync(join(dir, 'dist'))
    const manifest = { name: '@scope/sample', type: 'module', exports }
    writeFileSync(join(dir, 'package.json'), JSON.stringify(manifest))
    for (const [name, text] of Object.entries(declarations)) writeFileSync(join(dir, 'dist', name), text)
    return formatReference(readReference({ name: manifest.name, dir, manifest }))
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

test('a function shows its comment, declaration, parameters, errors and example', () => {
  const page = pageOf({
    'index.d.ts': `/** Adds \`a\` to <b>.
 * @param a - First, in metres.
 * @returns The sum, as {@link add} does.
 * @throws {RangeError} when it is too much.
 * @example add({
 *   a: 1,
 * }) */
export declare function add(a: number): number;
`,
  })
  assert.equal(
    page,
    `# @scope/sample

What [@scope/sample](/packages/sample/) exports, from its doc comments.

## add()

Adds \`a\` to &lt;b&gt;.

\`\`\`\`ts
function add(a: number): number;
\`\`\`\`

**Parameters** \`a\` First, in metres.

**Returns** The sum, as [\`add\`](#add) does.

**Throws** \`RangeError\` when it is too much.

**Example**

\`\`\`\`ts
add({
  a: 1,
})
\`\`\`\``,
  )
})

test('members of interfaces stand in a table with their defaults; what is private does not', () => {
  const page = pageOf({
    'index.d.ts': `/** Options. */
export interface Options {
    /** How long, a | b. @default 5_000 */
    readonly timeoutMs?: number | undefined;
}
/** Thing. */
export declare class Thing {
    #private;
    private hidden;
    /** Starts. */
    start(): void;
}
`,
  })
  assert.ok(page.includes('| `timeoutMs` | How long, a \\| b. Default: `5_000`. |'), page)
  assert.ok(page.includes('| `start` | Starts. |'), page)
  assert.ok(page.includes('```ts\nclass Thing {\n  start(): void;\n}\n```'), page)
})

test('each entry is a chapter of its own, functions before types', () => {
  const page = pageOf(
    {
      'index.d.ts': '/** T. */\nexport type A = string;\n/** F. */\nexport declare function z(): void;\n',
      'more.d.ts': '/** C. */\nexport declare const c: 1;\n',
    },
    { '.': './dist/index.js', './more': './dist/more.js' },
  )
  assert.deepEqual(page.match(/^#+ .*/gm), [
    '# @scope/sample',
    '## @scope/sample',
    '### z()',
    '### A',
    '## @scope/sample/more',
    '### c',
  ])
})

test('an entry that is not built is named', () => {
  assert.throws(() => pageOf({}), /@scope\/sample: .*index\.d\.ts does not exist; build the package first/)
})
