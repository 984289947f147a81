import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkManifests } from './check-manifests.mjs'
import { makeWorkspace } from './fixtures.mjs'
import { listWorkspaces } from './list-workspaces.mjs'

const publishable = (name, manifest = {}) =>
  makeWorkspace(name, {
    license: 'MIT',
    publishConfig: { access: 'public' },
    repository: { type: 'git', url: 'git+https://host.example/x.git', directory: `packages/${name.split('/')[1]}` },
    ...manifest,
  })

test('every published package.json of this repository can be published', () => {
  assert.deepEqual(checkManifests(listWorkspaces()).errors, [])
})

test('a complete package.json passes, and a private one is not looked at', () => {
  assert.deepEqual(checkManifests([publishable('@x/a'), makeWorkspace('app', { private: true })]), {
    errors: [],
    warnings: [],
  })
})

test('what npm or changesets would trip over is named', () => {
  const errorsOf = (manifest, ...others) => checkManifests([publishable('@x/a', manifest), ...others]).errors
  assert.match(errorsOf({ version: '1.0.0-beta.1' })[0], /not three numbers/)
  assert.match(errorsOf({ license: undefined })[0], /no license/)
  assert.match(errorsOf({ publishConfig: {} })[0], /access is not public/)
  assert.match(errorsOf({ publishConfig: { access: 'public', registry: 'https://x.example' } })[0], /overrule/)
  assert.match(errorsOf({ peerDependencies: { '@x/b': '^1.0.0' } }, publishable('@x/b'))[0], /is a peer/)
  const hidden = makeWorkspace('@x/hidden', { private: true })
  assert.match(errorsOf({ dependencies: { '@x/hidden': 'workspace:^' } }, hidden)[0], /is private/)
  assert.deepEqual(errorsOf({ peerDependencies: { openai: '>=6' }, devDependencies: { '@x/hidden': '*' } }, hidden), [])
})

test('packages without a repository are named in one warning, a wrong folder in one each', () => {
  const { warnings } = checkManifests([
    publishable('@x/a', { repository: undefined }),
    publishable('@x/b', { repository: undefined }),
    publishable('@x/c', { repository: { url: 'git+https://host.example/x.git' } }),
  ])
  assert.equal(warnings.length, 2)
  assert.match(warnings[0], /@x\/a, @x\/b$/)
  assert.match(warnings[1], /@x\/c: repository\.directory is not packages\/c/)
})
