import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { test } from 'node:test'
import { checkDocument, checkPublished } from './check-published.mjs'
import { checkInstalled } from './use-published.mjs'

const documentOf = (versions, latest, manifest = {}) => ({
  versions: Object.fromEntries(versions.map((version) => [version, { name: '@x/a', version, ...manifest }])),
  'dist-tags': { latest },
})

test('a registry is asked for public names, which must be there, and private ones, which must not', async (t) => {
  const server = createServer((request, response) => {
    const isThere = ['/@x%2fa', '/app'].includes(request.url)
    response.writeHead(isThere ? 200 : 404).end(JSON.stringify(isThere ? documentOf(['0.1.0'], '0.1.0') : {}))
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const registryUrl = `http://127.0.0.1:${server.address().port}/`
  const expected = new Map(Object.entries({ '@x/a': ['0.1.0'], '@x/b': ['0.1.0'] }))
  assert.deepEqual(await checkPublished({ registryUrl, expected, privateNames: ['app', 'bench'] }), [
    '@x/b was not published',
    'app is private, and was published',
  ])
})

test('missing and surplus versions, and an old latest, are named', () => {
  assert.deepEqual(checkDocument('@x/a', ['0.1.0', '0.2.0'], documentOf(['0.1.0', '0.2.0'], '0.2.0')), [])
  assert.equal(checkDocument('@x/a', ['0.1.0'], documentOf(['0.1.0', '0.2.0'], '0.1.0')).length, 1)
  assert.deepEqual(checkDocument('@x/a', ['0.1.0', '0.2.0'], documentOf(['0.1.0', '0.2.0'], '0.1.0')), [
    '@x/a: latest is 0.1.0, expected 0.2.0',
  ])
})

test('a published range that only this repository understands is named', () => {
  for (const range of ['workspace:^', 'catalog:', 'link:../b', 'file:../b']) {
    const problems = checkDocument('@x/a', ['0.1.0'], documentOf(['0.1.0'], '0.1.0', { dependencies: { b: range } }))
    assert.deepEqual(problems, [`@x/a@0.1.0 asks for b "${range}"`])
  }
})

test('an installed copy is refused when it is old, doubled, missing, or from another registry', () => {
  const expected = { registryUrl: 'http://127.0.0.1:1/', versions: new Map([['@x/a', '0.2.0']]) }
  const entry = (version = '0.2.0', resolved = 'http://127.0.0.1:1/@x/a.tgz') => ({ version, resolved })
  const installed = (packages) => checkInstalled({ packages }, expected)
  assert.deepEqual(installed({ 'node_modules/@x/a': entry() }), [])
  assert.match(installed({ 'node_modules/@x/a': entry('0.1.0') })[0], /installed 0\.1\.0, expected 0\.2\.0/)
  assert.match(installed({ 'node_modules/@x/a': entry(), 'node_modules/b/node_modules/@x/a': entry() })[0], /2 times/)
  assert.match(installed({})[0], /0 times/)
  assert.match(installed({ 'node_modules/@x/a': entry('0.2.0', 'https://registry.npmjs.org/x.tgz') })[0], /npmjs/)
})
