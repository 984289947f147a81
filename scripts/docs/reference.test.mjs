import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { formatReference } from './format-reference.mjs'
import { listAddresses } from './link-names.mjs'
import { readReference } from './read-reference.mjs'

/** Writes the page of a package with these declarations. */
function pageOf(declarations, options) {
  return formatReference(referenceOf(declarations, options), options?.elsewhere)
}

function referenceOf(declarations, { exports = { '.': './dist/index.js' } } = {}) {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'reference-')))
  try {
    mkdirSync(join(dir, 'dist'))
    const manifest = { name: '@scope/sample', type: 'module', exports }
    writeFileSync(join(dir, 'package.json'), JSON.stringify(manifest))
    for (const [name, text] of Object.entries(declarations)) writeFileSync(join(dir, 'dist', name), text)
    return readReference({ name: manifest.name, dir, manifest })
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
    `# API of @scope/sample

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
    { exports: { '.': './dist/index.js', './more': './dist/more.js' } },
  )
  assert.deepEqual(page.match(/^#+ .*/gm), [
    '# API of @scope/sample',
    '## @scope/sample',
    '### z()',
    '### A',
    '## @scope/sample/more',
    '### c',
  ])
})

test('what a later entry exports again is a link to where it stands', () => {
  const page = pageOf(
    {
      'index.d.ts': "export { z } from './more.js';\n",
      'more.d.ts': '/** F. */\nexport declare function z(): void;\n/** C. */\nexport declare const c: 1;\n',
    },
    { exports: { '.': './dist/index.js', './more': './dist/more.js' } },
  )
  assert.ok(
    page.endsWith('## @scope/sample/more\n\nAs above: [`z()`](#z).\n\n### c\n\nC.\n\n````ts\nconst c: 1\n````'),
    page,
  )
})

test('types in a declaration and names in a comment lead to where they are explained, on this page or another', () => {
  const page = pageOf(
    {
      'index.d.ts': `/** Sends; see \`Options\`, \`send()\`, \`other()\` and \`Unknown\`.
 * @throws {FarError} when it fails. */
export declare function send(options: Options, far: Far<'Word'>): Promise<Options>;
/** Options. */
export interface Options { word?: 'Far'; }
interface Far<T> { far: T; }
export {};
`,
    },
    {
      elsewhere: new Map(
        ['Far', 'FarError', 'Word', 'other()'].map((title) => [
          title,
          `/api/far#${title.toLowerCase().replace('()', '')}`,
        ]),
      ),
    },
  )
  const [, text] = page.split('## send()\n\n')
  assert.ok(
    text.startsWith('Sends; see [`Options`](#options), `send()`, [`other()`](/api/far#other) and `Unknown`.\n'),
    page,
  )
  assert.ok(text.includes('**Types** [`Options`](#options), [`Far`](/api/far#far)\n'), page)
  assert.ok(text.includes('**Throws** [`FarError`](/api/far#farerror) when it fails.'), page)
})

test('a name that two packages declare has no address', () => {
  const one = referenceOf({
    'index.d.ts': '/** A. */\nexport type A = 1;\n/** B. */\nexport declare function b(): 1;\n',
  })
  const two = { ...referenceOf({ 'index.d.ts': '/** A. */\nexport type A = 1;\n' }), name: '@scope/two' }
  assert.deepEqual([...listAddresses([one, two])], [['b()', '/api/sample#b']])
})

test('an entry that is not built is named', () => {
  assert.throws(() => pageOf({}), /@scope\/sample: .*index\.d\.ts does not exist; build the package first/)
})
