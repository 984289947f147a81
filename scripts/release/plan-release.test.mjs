import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeWorkspace } from './fixtures.mjs'
import { listPublished } from './list-workspaces.mjs'
import { bumpVersion, fitsCaret, planRelease } from './plan-release.mjs'
import { parseChangeset } from './read-changesets.mjs'

const changeset = (bumps) => ({ file: 'x.md', bumps, summary: 'Changed x.' })
const packages = [
  makeWorkspace('@x/base'),
  makeWorkspace('@x/middle', { dependencies: { '@x/base': 'workspace:^' } }),
  makeWorkspace('@x/top', {
    dependencies: { '@x/middle': 'workspace:^' },
    devDependencies: { '@x/base': 'workspace:^' },
  }),
  makeWorkspace('@x/other'),
]
const plan = (...changesets) => Object.fromEntries(planRelease(packages, changesets))

test('a patch stays in the range of the dependants, so it goes alone', () => {
  assert.deepEqual(plan(changeset({ '@x/base': 'patch' })), {
    '@x/base': '0.1.1',
    '@x/middle': '0.1.0',
    '@x/top': '0.1.0',
    '@x/other': '0.1.0',
  })
})

test('a minor below 1.0.0 leaves the range: direct dependants follow with a patch, and theirs do not', () => {
  assert.deepEqual(plan(changeset({ '@x/base': 'minor' })), {
    '@x/base': '0.2.0',
    '@x/middle': '0.1.1',
    '@x/top': '0.1.0',
    '@x/other': '0.1.0',
  })
})

test('the highest announced bump counts', () => {
  assert.equal(plan(changeset({ '@x/other': 'patch' }), changeset({ '@x/other': 'major' }))['@x/other'], '1.0.0')
})

test('in this repository a breaking signer takes exactly its dependants along', () => {
  const published = listPublished().map((pkg) => ({ ...pkg, manifest: { ...pkg.manifest, version: '0.1.0' } }))
  const planned = planRelease(published, [changeset({ '@gonka/signer': 'minor' })])
  const moved = [...planned].filter(([, version]) => version !== '0.1.0').map(([name]) => name)
  assert.deepEqual(moved.sort(), ['@gonka/devnet', '@gonka/registrar', '@gonka/signer', '@multiplexer/gonka'])
})

test('versions and caret ranges follow semver', () => {
  assert.deepEqual(
    ['none', 'patch', 'minor', 'major'].map((bump) => bumpVersion('1.2.3', bump)),
    ['1.2.3', '1.2.4', '1.3.0', '2.0.0'],
  )
  assert.equal(fitsCaret('1.2.3', '1.9.0'), true)
  assert.equal(fitsCaret('1.2.3', '2.0.0'), false)
  assert.equal(fitsCaret('0.1.0', '0.1.9'), true)
  assert.equal(fitsCaret('0.1.0', '0.10.0'), false)
  assert.equal(fitsCaret('0.0.1', '0.0.2'), false)
})

test('a changeset is read with any quotes and line ends, and refused by file and line when it is none', () => {
  const text = '---\r\n"@x/base": minor\r\n\'@x/top\': patch\r\n---\r\n\r\nAdded x.\r\n'
  assert.deepEqual(parseChangeset('x.md', text), {
    file: 'x.md',
    bumps: { '@x/base': 'minor', '@x/top': 'patch' },
    summary: 'Added x.',
  })
  assert.throws(() => parseChangeset('x.md', 'Added x.'), /x\.md: expected a front matter/)
  assert.throws(() => parseChangeset('x.md', '---\n"@x/base": huge\n---\nAdded x.'), /got "@x\/base": huge/)
})
