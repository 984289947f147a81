import { classifyNodeAnswer, parseHttpUrl } from '@gonka/protocol'
import { expect, test } from 'vitest'
import { knownBrokers } from './index-brokers.ts'

test('the public API is exactly this', async () => {
  expect(Object.keys(await import('./index-brokers.ts'))).toEqual(['knownBrokers'])
  expect(Object.keys(await import('./index.ts'))).not.toContain('knownBrokers')
})

test('the list names the brokers of the public documentation, each once, and cannot be changed', () => {
  const names = knownBrokers.map(({ name }) => name)
  expect(names).toMatchInlineSnapshot(`
    [
      "gonka24.com",
      "proxy.gonka.gg",
      "gonkagate.com",
      "gate.joingonka.ai",
      "router.gonkascan.com",
      "gonka-api.org",
      "gonkabroker.com",
      "router.mingles.ai",
      "console.hyperfusion.io",
      "inference.dahl.global",
      "openbroker.gonka.gg",
    ]
  `)
  expect(new Set(names).size).toBe(names.length)
  expect([knownBrokers, ...knownBrokers].every(Object.isFrozen)).toBe(true)
})

test('base URLs are what the option takes, over https', () => {
  const urls = knownBrokers.flatMap(({ baseURL }) => baseURL ?? [])
  expect(urls).toMatchInlineSnapshot(`
    [
      "https://api.gonka24.com/v1",
      "https://api.gonkagate.com/v1",
      "https://api.gonkascan.com/v1",
      "https://proxy.gonkabroker.com/v1",
      "https://api.openbroker.gonka.gg/v1",
    ]
  `)
  expect(urls.map((url) => parseHttpUrl(url))).toEqual(urls)
  expect(urls.every((url) => /^https:.*\/v1$/.test(url))).toBe(true)
})

test('key prefixes are those that are published', () => {
  const prefixes = knownBrokers.flatMap(({ name, keyPrefix }) => (keyPrefix === undefined ? [] : [[name, keyPrefix]]))
  expect(prefixes).toEqual([
    ['gonkabroker.com', 'gk-prx-'],
    ['openbroker.gonka.gg', 'obk-'],
  ])
})

test('the error of a retired network names every broker on the list', () => {
  const reason = classifyNodeAnswer({ status: 410, bodyText: '' })?.reason ?? ''
  expect(knownBrokers.filter(({ name }) => !reason.includes(name))).toEqual([])
})
