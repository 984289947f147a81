import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, beforeEach, test } from 'node:test'
import { checkApi, explain, passes } from './check-api.mjs'

const MANIFEST = {
  name: '@x/sample',
  type: 'module',
  exports: { '.': './dist/index.js', './package.json': './package.json' },
}
const INDEX = `export type { Options } from './options.ts';
export declare const LIMIT: 3;
/** Opens. */
export declare function open(options?: Options): Door;
/** @internal */
interface Door {
    readonly width: number;
    /** Shuts. */
    close(): void;
}
export {};
`
const OPTIONS = `export interface Options {
    /** Of the door. */
    readonly width?: number;
    readonly colour?: 'red' | 'blue';
}
`

let root = ''

const git = (...args) =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t.example', ...args], { cwd: root, encoding: 'utf8' })
const commit = () => {
  git('add', '--all', '--force')
  git('commit', '--quiet', '--message', 'next')
}
function write(path, text) {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}
function build(index = INDEX, options = OPTIONS) {
  write('packages/sample/dist/index.d.ts', index)
  write('packages/sample/dist/options.d.ts', options)
}
const check = ({ update } = {}) =>
  checkApi({ name: MANIFEST.name, dir: join(root, 'packages/sample'), manifest: MANIFEST }, { root, update })

before(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'api-guard-')))
  git('init', '--quiet')
})
after(() => rmSync(root, { recursive: true, force: true }))
beforeEach(() => {
  rmSync(join(root, '.changeset'), { recursive: true, force: true })
  rmSync(join(root, 'api'), { recursive: true, force: true })
  rmSync(join(root, '.git'), { recursive: true, force: true })
  git('init', '--quiet')
  write('.changeset/README.md', '"@x/sample": major')
  write('packages/sample/package.json', JSON.stringify(MANIFEST))
  build()
  check({ update: true })
  commit()
})

test('an API like its snapshot passes, wherever its declarations stand', () => {
  assert.equal(passes(check()), true)
  const [types, limit, ...rest] = INDEX.replace('Opens', 'Opens a door').split('\n')
  build([...rest, limit, types].join('\n'))
  assert.equal(passes(check()), true)
})

test('an addition fails until the snapshot is updated', () => {
  build(`${INDEX}export declare const MORE: 4;\n`)
  const report = check()
  assert.deepEqual([report.added, report.gone, report.removed], [['  MORE', 'const MORE: 4'], [], []])
  assert.match(explain(report), /run "npm run api"[\s\S]*\+ const MORE: 4/)
  assert.equal(passes(check({ update: true })), true)
})

for (const [what, index, options, line] of [
  [
    'parameter',
    INDEX.replace('options?: Options', 'options: Options'),
    OPTIONS,
    'function open(options: Options): Door;',
  ],
  ['type of an option', INDEX, OPTIONS.replace("'red' | ", ''), "    readonly colour?: 'blue';"],
  [
    'type that is reached and not exported',
    INDEX.replace('width: number', 'width: bigint'),
    OPTIONS,
    '    readonly width: bigint;',
  ],
]) {
  test(`a changed ${what} shows in the diff`, () => {
    build(index, options)
    const report = check()
    assert.equal(passes(report), false)
    assert.deepEqual(report.added, [line])
  })
}

for (const [what, index, options, removed] of [
  ['function', INDEX.replace(/export declare function.*\n/, ''), OPTIONS, ['. open']],
  [
    'type',
    INDEX.replace(/export type.*\n/, '').replace('options?: Options', ''),
    OPTIONS,
    ['. Options', 'Options.width', 'Options.colour'],
  ],
  ['option', INDEX, OPTIONS.replace(/ +readonly colour.*\n/, ''), ['Options.colour']],
]) {
  test(`a removed ${what} fails, updated or not, until a major changeset says so`, () => {
    build(index, options)
    assert.equal(passes(check()), false)
    const report = check({ update: true })
    assert.deepEqual([report.removed, report.added, report.gone, passes(report)], [removed, [], [], false])
    commit()
    assert.equal(passes(check()), false)
    assert.match(explain(check()), /add a changeset that says "@x\/sample": major/)
    write('.changeset/minor.md', '---\n"@x/sample": minor\n"@x/other": major\n---\n\nRemoved a thing.\n')
    assert.equal(passes(check()), false)
    write('.changeset/major.md', '---\n"@x/sample": major\n---\n\nRemoved a thing.\n')
    assert.equal(passes(check()), true)
  })
}

test('what no version had may go again; what a version had may not', () => {
  build(`${INDEX}export declare const MORE: 4;\n`)
  check({ update: true })
  commit()
  build()
  assert.equal(passes(check({ update: true })), true)
  build(`${INDEX}export declare const MORE: 4;\n`)
  check({ update: true })
  write('packages/sample/CHANGELOG.md', '## 0.1.0\n')
  commit()
  build()
  assert.deepEqual(check({ update: true }).removed, ['. MORE'])
})

test('a removal that a version carried out is no removal any more', () => {
  build(INDEX.replace(/export declare function.*\n/, ''))
  check({ update: true })
  write('packages/sample/CHANGELOG.md', '## 1.0.0\n')
  commit()
  assert.equal(passes(check()), true)
})

test('without a history the snapshot is the promise', () => {
  rmSync(join(root, '.git'), { recursive: true, force: true })
  build(INDEX.replace(/export declare function.*\n/, ''))
  assert.deepEqual(check().removed, ['. open'])
})

test('a package that is not built is named', () => {
  rmSync(join(root, 'packages/sample/dist'), { recursive: true })
  assert.throws(check, /@x\/sample: .*index\.d\.ts does not exist; build the package first/)
})
