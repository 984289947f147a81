import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { GonkaConfig } from '../gonka-config.ts'
import type { BrokerOptions } from './gonka-broker.ts'

const URL_A = 'https://api.a.example/v1'
const KEY = 'gk-prx-c0ffee5ec4e7'
const PRIVATE_KEY = `${'00'.repeat(31)}01`

function configure(broker: object, more: object = {}): GonkaConfig {
  const brokers = [{ url: URL_A, apiKey: KEY, ...broker } as BrokerOptions]
  return new GonkaConfig({ brokers, ...more }, { env: {} })
}

test('brokers alone need neither a private key nor a source', () => {
  const config = configure({})
  expect(config).toMatchObject({ requesterAddress: undefined, signer: undefined, sourceUrls: [], endpoints: [] })
  expect(config.brokers).toMatchObject([{ name: 'api.a.example', host: 'api.a.example', weight: 1, url: URL_A }])
  expect(config.brokers[0]?.apiKey()).toBe(KEY)
})

test.each([
  ['a source', { sourceUrl: 'http://node.example' }],
  ['endpoints', { endpoints: ['http://node.example;gonka1w508d6qejxtdg4y5r3zarvary0c5xw7k2gsyg6'] }],
])('beside %s a private key is required', (_, options) => {
  expect(() => configure({}, options)).toThrow(expect.objectContaining({ field: 'privateKey' }))
  expect(configure({}, { ...options, privateKey: PRIVATE_KEY }).requesterAddress).toMatch(/^gonka1/)
})

test('no brokers are no place to send requests to', () => {
  expect(() => new GonkaConfig({ brokers: [] }, { env: {} })).toThrow('GONKA_BROKERS')
})

describe('the environment', () => {
  const env = { GONKA_BROKERS: ` ${URL_A} ; ${KEY}, http://127.0.0.1:8080/v1;k;2,` }

  test('gives url;key, separated by commas', () => {
    const { brokers } = new GonkaConfig({}, { env })
    expect(brokers.map(({ url, host }) => [url, host])).toEqual([
      [URL_A, 'api.a.example'],
      ['http://127.0.0.1:8080/v1', '127.0.0.1:8080'],
    ])
    expect(brokers.map((broker) => broker.apiKey())).toEqual([KEY, 'k;2'])
  })

  test('gives way to options, also to none', () => {
    const brokers = [{ url: 'https://mine.example', apiKey: 'k' }]
    expect(new GonkaConfig({ brokers }, { env }).brokers).toMatchObject([{ host: 'mine.example' }])
    const options = { brokers: [], privateKey: PRIVATE_KEY, sourceUrl: 'http://node.example' }
    expect(new GonkaConfig(options, { env }).brokers).toEqual([])
  })

  test.each([
    [KEY, 'brokers[0]', 'config-invalid'],
    [`${URL_A};`, 'brokers[0].apiKey', 'key-invalid'],
    [`${URL_A};a b`, 'brokers[0].apiKey', 'key-invalid'],
    [`${URL_A};k,${KEY};${URL_A}`, 'brokers[1].url', 'url-invalid'],
    [`${URL_A};k;https://api.b.example/v1;${KEY}`, 'brokers[0].apiKey', 'key-invalid'],
  ])('is refused by field where it is malformed: %s', (text, field, code) => {
    const expected = expect.objectContaining({ name: 'GonkaConfigError', field, code })
    expect(() => new GonkaConfig({}, { env: { GONKA_BROKERS: text } })).toThrow(expected)
  })
})

describe('refuses', () => {
  test.each<[string, string, object]>([
    ['url', 'url-invalid', { url: undefined }],
    ['url', 'url-invalid', { url: 'api.a.example/v1' }],
    ['url', 'url-invalid', { url: `https://user:${KEY}@api.a.example/v1` }],
    ['url', 'url-invalid', { url: `https://api.a.example/v1?key=${KEY}` }],
    ['apiKey', 'key-invalid', { apiKey: undefined }],
    ['apiKey', 'key-invalid', { apiKey: '' }],
    ['apiKey', 'key-invalid', { apiKey: `${KEY}\n` }],
    ['apiKey', 'key-invalid', { apiKey: ` ${KEY}` }],
    ['apiKey', 'key-invalid', { apiKey: `${KEY}\r\nx-evil: 1` }],
    ['apiKey', 'key-invalid', { apiKey: `“${KEY}”` }],
    ['apiKey', 'key-invalid', { apiKey: `"${KEY}"` }],
    ['apiKey', 'key-invalid', { apiKey: `'${KEY}'` }],
    ['apiKey', 'key-invalid', { apiKey: `https://api.b.example/v1;${KEY}` }],
    ['apiKey', 'key-invalid', { apiKey: [KEY] }],
    ['apiKey', 'key-invalid', { apiKey: () => 5 }],
    ['apiKey', 'key-invalid', { apiKey: 'x'.repeat(4_097) }],
    ['weight', 'config-invalid', { weight: -1 }],
    ['weight', 'config-invalid', { weight: Number.NaN }],
    ['weight', 'config-invalid', { weight: KEY }],
    ['weight', 'config-invalid', { weight: 1e200 }],
    ['models', 'config-invalid', { models: [] }],
    ['models', 'config-invalid', { models: [''] }],
    ['models', 'config-invalid', { models: 'm' }],
    ['maxConcurrent', 'config-invalid', { maxConcurrent: 0 }],
    ['name', 'config-invalid', { name: '' }],
    ['name', 'config-invalid', { name: 'my broker' }],
  ])('a wrong %s with %s, and shows no key', (field, code, broker) => {
    const error = errorOf(() => configure(broker))
    expect(error).toMatchObject({ name: 'GonkaConfigError', field: `brokers[0].${field}`, code })
    expect(inspect(error, { showHidden: true, depth: 10 })).not.toContain('c0ffee')
  })

  test('two of one name', () => {
    const brokers = [
      { url: URL_A, apiKey: 'k1' },
      { url: `${URL_A}/other`, apiKey: 'k2' },
    ]
    const expected = expect.objectContaining({ field: 'brokers[1].name', code: 'config-invalid' })
    expect(() => new GonkaConfig({ brokers }, { env: {} })).toThrow(expected)
    const named = brokers.map((broker, index) => ({ ...broker, name: `mine-${index}` }))
    expect(new GonkaConfig({ brokers: named }, { env: {} }).brokers).toHaveLength(2)
  })

  test('anything else by field, without showing a key in the wrong place', () => {
    const value = fc.oneof(fc.constant(KEY), fc.constant([KEY]), fc.anything())
    const field = fc.constantFrom('url', 'apiKey', 'weight', 'models', 'maxConcurrent')
    fc.assert(
      fc.property(field, value, (name, junk) => {
        const error = errorOf(() => configure({ apiKey: 'k', [name]: junk }))
        if (error === undefined) return
        expect(error).toHaveProperty('name', 'GonkaConfigError')
        expect(inspect(error, { showHidden: true, depth: 10 })).not.toContain('c0ffee')
      }),
    )
  })

  test.each([null, 'x', 5, [null], ['x'], [[]]])('brokers: %j', (brokers) => {
    expect(() => new GonkaConfig({ brokers } as never, { env: {} })).toThrow(
      expect.objectContaining({ name: 'GonkaConfigError', field: expect.stringMatching(/^brokers/) }),
    )
  })
})

test('a config shows hosts, and is the same when it is the options of another one', () => {
  const config = configure({ weight: 3, models: ['m'] })
  expect({ ...new GonkaConfig(config, { env: {} }) }).toEqual({ ...config })
  const copy = { ...config, brokers: config.brokers.map((broker) => ({ url: broker.url, apiKey: () => KEY })) }
  expect(new GonkaConfig(copy, { env: {} }).brokers[0]?.apiKey()).toBe(KEY)
  const shown = [JSON.stringify(config), inspect(config, { showHidden: true, getters: true, depth: 10 })]
  for (const text of shown) {
    expect(text).toContain('api.a.example')
    expect(text).not.toContain('c0ffee')
  }
})

function errorOf(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  return undefined
}
