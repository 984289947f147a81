// What README, ARCHITECTURE and the home page say about numbers and imports must be what is there.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { LIES } from '../../packages/devnet/dist/index.js'
import { listPackages, ROOT } from '../list-packages.mjs'

const read = (name) => readFileSync(join(ROOT, name), 'utf8')
const PUBLISHED = listPackages(ROOT, ['packages']).filter(({ manifest }) => manifest.private !== true)

test('the numbers of faults, lies and packages', () => {
  const [, catalogue] = read('docs/fault-catalogue.md').split('| --- | --- | --- | --- |\n')
  const faults = catalogue.slice(0, catalogue.indexOf('<!--')).trim().split('\n').length
  for (const fact of [`${faults} fault scenarios`, `${LIES.length} lies`])
    assert.ok(read('README.md').includes(fact), fact)
  for (const fact of [`${faults} faults`, `${PUBLISHED.length} packages`])
    assert.ok(read('site/index.md').includes(fact), fact)
})

test('the table of imports is what the packages depend on, each on packages above it', () => {
  const rows = [...read('ARCHITECTURE.md').matchAll(/^\| `(@[\w-]+\/[\w-]+)` \| (.*) \|$/gm)]
  const names = rows.map(([, name]) => name)
  const stated = rows.map(([, name, imports]) => [name, (imports.match(/@[\w-]+\/[\w-]+/g) ?? []).sort()])
  const isOurs = new Set(PUBLISHED.map(({ name }) => name))
  const real = PUBLISHED.map(({ name, manifest }) => [
    name,
    Object.keys(manifest.dependencies ?? {})
      .filter((dependency) => isOurs.has(dependency))
      .sort(),
  ])
  assert.deepEqual(Object.fromEntries(stated), Object.fromEntries(real))
  for (const [name, imports] of stated)
    for (const other of imports) assert.ok(names.indexOf(other) < names.indexOf(name), `${name} imports ${other}`)
})
