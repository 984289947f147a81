import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { makeFolder } from './fixtures.mjs'
import { cleanEnvironment, isolateEnvironment } from './isolate-environment.mjs'

const SETTINGS = {
  registryUrl: 'http://127.0.0.1:4999/',
  defaultRegistryUrl: 'https://npm.example/',
  scopes: ['@gonka', '@multiplexer'],
}

test('nothing that could publish elsewhere is passed on: tokens, npm settings, OIDC, git variables', () => {
  const env = {
    NPM_TOKEN: 'a',
    NODE_AUTH_TOKEN: 'b',
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'c',
    ACTIONS_ID_TOKEN_REQUEST_URL: 'd',
    NPM_CONFIG_USERCONFIG: 'e',
    'npm_config_//registry.npmjs.org/:_authToken': 'f',
    npm_config_registry: 'g',
    'npm_config_@gonka:registry': 'h',
    GIT_DIR: 'i',
    AWS_SECRET_ACCESS_KEY: 'j',
    HOME: '/home/user',
    npm_config_cafile: '/ca.pem',
  }
  const kept = cleanEnvironment(env)
  for (const value of 'abcdefghij') assert.ok(!Object.values(kept).includes(value), `${value} was kept`)
  assert.equal(kept.HOME, '/home/user')
  assert.equal(kept.npm_config_cafile, '/ca.pem')
})

test('npm itself sends our scopes to the rehearsal, and other names to where they come from', (t) => {
  const dir = makeFolder(t)
  const env = isolateEnvironment(
    { ...process.env, npm_config_registry: 'https://wrong.example/' },
    { ...SETTINGS, dir },
  )
  const read = (key) => execFileSync('npm', ['config', 'get', key], { cwd: dir, env, encoding: 'utf8' }).trim()
  assert.equal(read('@gonka:registry'), SETTINGS.registryUrl)
  assert.equal(read('@multiplexer:registry'), SETTINGS.registryUrl)
  assert.equal(read('registry'), SETTINGS.defaultRegistryUrl)
  assert.equal(read('userconfig'), env.npm_config_userconfig)
})

test('the only token in the configuration is the made-up one of the rehearsal', (t) => {
  const dir = makeFolder(t)
  const env = isolateEnvironment({ PATH: '/bin', NO_PROXY: 'intranet' }, { ...SETTINGS, dir, binDir: '/clone/bin' })
  const text = readFileSync(env.npm_config_userconfig, 'utf8')
  assert.deepEqual(text.match(/^.*_authToken.*$/gm), ['//127.0.0.1:4999/:_authToken=rehearsal'])
  assert.equal(env.NO_PROXY, 'intranet,127.0.0.1')
  assert.match(env.PATH, /^\/clone\/bin[:;]\/bin$/)
})
