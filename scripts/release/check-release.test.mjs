import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { checkRelease } from './check-release.mjs'
import { makeFolder, makeWorkspace, writeFiles } from './fixtures.mjs'

const CHANGELOG =
  '# @x/signer\n\n## 0.2.0\n\n### Minor Changes\n\n- abc: Changed signing.\n- @x/base@0.2.0\n\n## 0.1.0\n\n- Old.\n'

/** A repository where `@x/signer` went from 0.1.0 to `version`, beside a private app. */
function check(t, { version = '0.2.0', changelog = CHANGELOG, appChangelog, otherVersion = '0.1.0' } = {}) {
  const dir = makeFolder(t)
  if (changelog) writeFiles(dir, { 'signer/CHANGELOG.md': changelog })
  if (appChangelog) writeFiles(dir, { 'app/CHANGELOG.md': appChangelog })
  const at = (name, manifest) => ({ ...makeWorkspace(name, manifest), dir: join(dir, name.split('/').at(-1)) })
  const dependencies = { '@x/base': 'workspace:^' }
  return checkRelease({
    before: [at('@x/signer', { dependencies }), at('@x/other'), at('@x/base'), at('app', { private: true })],
    after: [
      at('@x/signer', { dependencies, version }),
      at('@x/other', { version: otherVersion }),
      at('app', { private: true }),
    ],
    plan: new Map(Object.entries({ '@x/signer': '0.2.0', '@x/other': '0.1.0', '@x/base': '0.2.0' })),
    changesets: [{ file: 'x.md', bumps: { '@x/signer': 'minor' }, summary: 'Changed signing.' }],
  })
}

test('a release that is as announced passes', (t) => {
  assert.deepEqual(check(t), [])
})

test('a version that was not raised, and one that was raised for nothing, are named', (t) => {
  assert.deepEqual(check(t, { version: '0.1.0' }), ['@x/signer: expected version 0.2.0, got 0.1.0'])
  assert.deepEqual(check(t, { otherVersion: '0.1.1' }), ['@x/other: expected version 0.1.0, got 0.1.1'])
})

test('a changelog without the sentence, the version or the moved dependency in its newest section is named', (t) => {
  assert.deepEqual(check(t, { changelog: CHANGELOG.replace('Changed signing.', '') }), [
    '@x/signer: the changelog lacks "Changed signing."',
  ])
  assert.deepEqual(check(t, { changelog: CHANGELOG.replace('@x/base@0.2.0', '') }), [
    '@x/signer: the changelog lacks "@x/base@0.2.0"',
  ])
  assert.equal(check(t, { changelog: CHANGELOG.replace('0.2.0\n\n###', '0.3.0\n\n###') }).length, 1)
  assert.equal(check(t, { changelog: '' }).length, 4)
})

test('a private workspace with a changelog is named', (t) => {
  assert.deepEqual(check(t, { appChangelog: '# app\n' }), ['app is private, and got a changelog'])
})
