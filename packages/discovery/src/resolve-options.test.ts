import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { EndpointDiscovery } from './endpoint-discovery.ts'
import { address } from './fixtures/bundles.ts'
import type { EndpointDiscoveryOptions } from './types.ts'

const SOURCE = { sourceUrl: 'http://node.example:8000' }
const PROOF = { trust: 'first-use', chainId: 'gonka-sim-1' } as const

function refusalOf(options: unknown): Record<string, unknown> & Error {
  try {
    new EndpointDiscovery(options as EndpointDiscoveryOptions)
  } catch (error) {
    return error as Record<string, unknown> & Error
  }
  throw new Error('Expected a refusal.')
}

test('takes one source, several, or both, in order and without duplicates', () => {
  expect(new EndpointDiscovery(SOURCE).sourceUrls).toEqual(['http://node.example:8000'])
  const sourceUrls = ['https://b.example/', 'http://node.example:8000/v1', 'https://c.example/gonka']
  const both = new EndpointDiscovery({ ...SOURCE, sourceUrls })
  expect(both.sourceUrls).toEqual(['http://node.example:8000', 'https://b.example', 'https://c.example/gonka'])
  expect(both.sourceUrl).toBe('http://node.example:8000')
  expect(new EndpointDiscovery({ sourceUrls }).sourceUrl).toBe('https://b.example')
})

test('has the documented defaults', () => {
  expect(new EndpointDiscovery(SOURCE)).toMatchObject({ verifyProofs: false, timeoutMs: 30_000 })
  expect(new EndpointDiscovery({ ...SOURCE, timeoutMs: 5 }).timeoutMs).toBe(5)
})

test('accepts a source at a private host: the user gave it', () => {
  expect(new EndpointDiscovery({ sourceUrl: 'http://127.0.0.1:9' }).sourceUrl).toBe('http://127.0.0.1:9')
})

describe('refuses, naming the field', () => {
  test.each([
    ['no options', undefined, { field: 'sourceUrls', code: 'config-invalid' }],
    ['no source', {}, { field: 'sourceUrls', code: 'config-invalid' }],
    ['empty sources', { sourceUrls: [] }, { field: 'sourceUrls', code: 'config-invalid' }],
    ['sources as text', { sourceUrls: 'http://a.example' }, { field: 'sourceUrls', code: 'config-invalid' }],
    ['null sources', { sourceUrls: null }, { field: 'sourceUrls', code: 'config-invalid' }],
    ['an empty URL', { sourceUrl: '' }, { field: 'sourceUrl', code: 'url-invalid' }],
    ['no URL', { sourceUrl: 'node one' }, { field: 'sourceUrl', code: 'url-invalid' }],
    ['a number as URL', { sourceUrl: 5 }, { field: 'sourceUrl', code: 'url-invalid' }],
    ['a file', { sourceUrl: 'file:///etc/passwd' }, { field: 'sourceUrl', code: 'url-invalid' }],
    [
      'a bad URL in the list',
      { sourceUrls: ['http://a.example', 'b'] },
      { field: 'sourceUrls[1]', code: 'url-invalid' },
    ],
    ['a query', { sourceUrl: 'http://a.example/?token=canary' }, { field: 'sourceUrl', code: 'url-invalid' }],
    ['credentials', { sourceUrl: 'http://user:canary@a.example' }, { field: 'sourceUrl', code: 'url-invalid' }],
    ['a negative timeout', { ...SOURCE, timeoutMs: -1 }, { field: 'timeoutMs', code: 'config-invalid' }],
    ['no timeout', { ...SOURCE, timeoutMs: 0 }, { field: 'timeoutMs', code: 'config-invalid' }],
    ['a timeout no timer holds', { ...SOURCE, timeoutMs: 2 ** 31 }, { field: 'timeoutMs', code: 'config-invalid' }],
    ['NaN', { ...SOURCE, timeoutMs: Number.NaN }, { field: 'timeoutMs', code: 'config-invalid' }],
    ['a timeout as text', { ...SOURCE, timeoutMs: '30' }, { field: 'timeoutMs', code: 'config-invalid' }],
    ['a negative retry count', { ...SOURCE, retryCount: -1 }, { field: 'retryCount', code: 'config-invalid' }],
    ['half a retry', { ...SOURCE, retryCount: 0.5 }, { field: 'retryCount', code: 'config-invalid' }],
    ['endless retries', { ...SOURCE, retryCount: Infinity }, { field: 'retryCount', code: 'config-invalid' }],
    ['a negative delay', { ...SOURCE, retryDelayMs: -1 }, { field: 'retryDelayMs', code: 'config-invalid' }],
    ['an empty limit', { ...SOURCE, maxResponseBytes: 0 }, { field: 'maxResponseBytes', code: 'config-invalid' }],
    [
      'a resolver that is none',
      { ...SOURCE, resolveHost: '8.8.8.8' },
      { field: 'resolveHost', code: 'config-invalid' },
    ],
    ['no resolver', { ...SOURCE, resolveHost: null }, { field: 'resolveHost', code: 'config-invalid' }],
    ['agents as text', { ...SOURCE, transferAgents: address(1) }, { field: 'transferAgents', code: 'config-invalid' }],
    [
      'a bad agent',
      { ...SOURCE, transferAgents: [address(1), 'cosmos1x'] },
      { field: 'transferAgents[1]', code: 'address-invalid' },
    ],
  ])('%s', (_name, options, expected) => {
    const error = refusalOf(options)
    expect(error).toMatchObject({ name: 'GonkaConfigError', ...expected })
    expect(error.message).toContain(expected.field)
    expect(inspect(error) + JSON.stringify(error)).not.toContain('canary')
  })

  test.each([['true'], [1], [null]])('verifyProofs: %j, which is neither yes nor no', (verifyProofs) => {
    const error = refusalOf({ ...SOURCE, ...PROOF, verifyProofs })
    expect(error).toMatchObject({ name: 'GonkaConfigError', code: 'config-invalid', field: 'verifyProofs' })
  })

  test.each([
    ['trust', { chainId: 'c', verifyProofs: true }],
    ['chainId', { trust: 'first-use', verifyProofs: true }],
    ['chainId', { trust: 'first-use' }],
  ])('proofs without %s', (field, options) => {
    const error = refusalOf({ ...SOURCE, ...options })
    expect(error).toMatchObject({ name: 'GonkaConfigError', code: 'config-invalid', field })
    expect(error.message).toContain('is required to verify proofs')
  })

  test.each([
    ['chainId', { chainId: '' }],
    ['chainId', { chainId: 5 }],
    ['chainId', { chainId: 'c'.repeat(51) }],
    ['trust', { trust: 'anchored' }],
    ['trust', { trust: null }],
    ['trust', { trust: {} }],
    ['trustStore', { trustStore: {} }],
    ['trustStore', { trustStore: null }],
    ['trustStore', { trustStore: '/tmp/trust.json' }],
    ['trustingPeriodMs', { trustingPeriodMs: 0 }],
    ['maxAgeMs', { maxAgeMs: Number.POSITIVE_INFINITY }],
    ['maxClockDriftMs', { maxClockDriftMs: -1 }],
  ])('a wrong %s: %j', (field, options) => {
    const error = refusalOf({ ...SOURCE, ...PROOF, ...options })
    expect(error).toMatchObject({ name: 'GonkaConfigError', code: 'config-invalid', field })
  })
})

describe('proofs', () => {
  test('are verified by whoever gives a trust, unless they say no', () => {
    expect(new EndpointDiscovery({ ...SOURCE, ...PROOF }).verifyProofs).toBe(true)
    expect(new EndpointDiscovery({ ...SOURCE, ...PROOF, verifyProofs: true }).verifyProofs).toBe(true)
    expect(new EndpointDiscovery({ ...SOURCE, ...PROOF, verifyProofs: false }).verifyProofs).toBe(false)
    expect(new EndpointDiscovery({ ...SOURCE, chainId: 'c' }).verifyProofs).toBe(false)
  })
})
