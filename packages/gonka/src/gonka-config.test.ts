import { inspect } from 'node:util'
import { createParticipant } from '@gonka/protocol'
import { createSigner } from '@gonka/signer'
import fc from 'fast-check'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { type GonkaConfigOptions, type GonkaEnvironment, mergeOptions } from './config-options.ts'
import { GonkaConfig } from './gonka-config.ts'

const KEY = `${'00'.repeat(31)}01`
const KEY_ADDRESS = 'gonka1w508d6qejxtdg4y5r3zarvary0c5xw7k2gsyg6'
const OTHER = 'gonka1y2a9p56kv044327uycmqdexl7zs82fs5ryv5le'
const SOURCE = 'http://node1.example:8000'
const HASH = 'ab'.repeat(32)
const CURVE_ORDER = 'fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141'

function configure(options: GonkaConfigOptions = {}, env: GonkaEnvironment = {}): GonkaConfig {
  return new GonkaConfig({ privateKey: KEY, sourceUrl: SOURCE, ...options }, { env })
}

describe('defaults', () => {
  test('are the documented ones', () => {
    expect({ ...configure() }).toEqual({
      requesterAddress: KEY_ADDRESS,
      sourceUrls: [SOURCE],
      endpoints: [],
      brokers: [],
      address: undefined,
      verifyProofs: false,
      trust: undefined,
      chainId: undefined,
      refreshEnabled: true,
      refreshIntervalMs: 60_000,
      defaultMaxConcurrent: undefined,
      registerAsFallback: false,
      modelNamePrefix: 'gonka:',
      allowPrivateHosts: false,
      scheme: 'v2',
    })
  })
})

describe('the environment', () => {
  const env = {
    GONKA_PRIVATE_KEY: `0x${KEY}\n`,
    GONKA_SOURCE_URL: 'http://a.example, http://b.example/',
    GONKA_ENDPOINTS: `http://c.example;${OTHER},`,
    GONKA_ADDRESS: OTHER,
    GONKA_VERIFY_PROOF: 'off',
  }

  test('gives every field that has a variable', () => {
    const config = new GonkaConfig({}, { env })
    expect(config).toMatchObject({
      requesterAddress: OTHER,
      address: OTHER,
      sourceUrl: 'http://a.example',
      sourceUrls: ['http://a.example', 'http://b.example'],
      endpoints: [{ address: OTHER, inferenceUrl: 'http://c.example', epochId: 0, models: [] }],
      verifyProofs: false,
    })
  })

  test('gives way to options, also to false and to empty lists', () => {
    const config = new GonkaConfig(
      { sourceUrls: [], endpoints: [`http://mine.example;${KEY_ADDRESS}`], verifyProofs: false, address: KEY_ADDRESS },
      { env: { ...env, GONKA_VERIFY_PROOF: '1' } },
    )
    expect(config).toMatchObject({ sourceUrls: [], sourceUrl: undefined, verifyProofs: false, address: KEY_ADDRESS })
    expect(config.endpoints.map(({ inferenceUrl }) => inferenceUrl)).toEqual(['http://mine.example'])
  })

  test('is not looked at where an option is given', () => {
    const broken = {
      GONKA_PRIVATE_KEY: 'broken',
      GONKA_SOURCE_URL: 'broken',
      GONKA_ENDPOINTS: 'broken',
      GONKA_ADDRESS: 'broken',
      GONKA_VERIFY_PROOF: 'broken',
    }
    const options = { endpoints: [], address: OTHER, verifyProofs: false }
    expect(configure(options, broken)).toMatchObject({ requesterAddress: OTHER })
    for (const [name, value] of Object.entries(broken)) {
      expect(() => new GonkaConfig({}, { env: { ...env, [name]: value } }), name).toThrow('must be')
    }
  })

  test.each([
    ['GONKA_PRIVATE_KEY', 'privateKey', 'hunter2'],
    ['GONKA_SOURCE_URL', 'sourceUrls[1]', 'http://a.example,hunter2'],
    ['GONKA_ENDPOINTS', 'endpoints[0]', 'http://c.example'],
    ['GONKA_ADDRESS', 'address', 'gonka1hunter2'],
    ['GONKA_VERIFY_PROOF', 'verifyProofs', 'perhaps'],
    ['GONKA_TRUST', 'trust', 'hunter2'],
    ['GONKA_CHAIN_ID', 'chainId', 'c'.repeat(51)],
    ['GONKA_BROKERS', 'brokers[0].apiKey', 'http://d.example/v1;hunter 2'],
  ])('is named where what it gives is refused, as in %s', (variable, field, value) => {
    const message = expect.stringMatching(new RegExp(`^(?!.*hunter).* It came from ${variable}\\.$`))
    expect(() => new GonkaConfig({}, { env: { ...env, [variable]: value } })).toThrow(
      expect.objectContaining({ name: 'GonkaConfigError', field, message }),
    )
  })

  test('is not named where it did not give what is refused', () => {
    const refuse = (): unknown => new GonkaConfig({ sourceUrls: ['hunter2'] }, { env })
    expect(refuse).toThrow(expect.objectContaining({ message: expect.not.stringContaining('GONKA_') }))
  })

  test('counts an empty variable as one that is not set', () => {
    const empty = { GONKA_SOURCE_URL: ' ', GONKA_ENDPOINTS: ',', GONKA_ADDRESS: '', GONKA_VERIFY_PROOF: '' }
    expect(configure({}, empty)).toMatchObject({ sourceUrls: [SOURCE], endpoints: [], address: undefined })
  })

  test.each(['"', "'"])('may stand in quotation marks, as env files have them: %s', (mark) => {
    const quoted = Object.entries({
      GONKA_PRIVATE_KEY: KEY,
      GONKA_SOURCE_URL: ` ${SOURCE}/ , http://b.example `,
      GONKA_VERIFY_PROOF: 'no',
      GONKA_BROKERS: 'http://c.example/v1;key',
    }).map(([name, value]) => [name, ` ${mark}${value}${mark}\n`])
    const config = new GonkaConfig({}, { env: Object.fromEntries(quoted) })
    expect(config).toMatchObject({ requesterAddress: KEY_ADDRESS, sourceUrls: [SOURCE, 'http://b.example'] })
    expect(config.brokers[0]?.apiKey()).toBe('key')
    expect(() => configure({ sourceUrl: undefined }, { GONKA_SOURCE_URL: `${mark}${SOURCE}` })).toThrow('must be')
  })

  test.each(['1', 'true', 'YES', 'on'])('GONKA_VERIFY_PROOF=%s asks for proofs', (text) => {
    const anchor = { GONKA_TRUST: `12:${HASH.toUpperCase()}`, GONKA_CHAIN_ID: 'gonka-mainnet' }
    expect(configure({}, { ...anchor, GONKA_VERIFY_PROOF: text })).toMatchObject({
      verifyProofs: true,
      trust: { height: 12, hash: HASH },
      chainId: 'gonka-mainnet',
    })
    expect(() => configure({}, { GONKA_VERIFY_PROOF: text })).toThrow('see GONKA_TRUST')
  })

  test('gives a trust, which asks for proofs unless something says no', () => {
    const env = { GONKA_TRUST: 'first-use', GONKA_CHAIN_ID: 'gonka-mainnet' }
    expect(configure({}, env)).toMatchObject({ verifyProofs: true, trust: 'first-use' })
    expect(configure({ verifyProofs: false }, env).verifyProofs).toBe(false)
    expect(configure({}, { ...env, GONKA_VERIFY_PROOF: '0' }).verifyProofs).toBe(false)
    expect(configure({ trust: `7:${HASH}` as never }, env).trust).toEqual({ height: 7, hash: HASH })
    expect(() => configure({}, { ...env, GONKA_TRUST: '12' })).toThrow("trust must be '<height>:<hash>'")
  })

  test('is the one of the process by default', () => {
    onTestFinished(() => void vi.unstubAllEnvs())
    vi.stubEnv('GONKA_PRIVATE_KEY', KEY)
    vi.stubEnv('GONKA_SOURCE_URL', 'http://process.example')
    expect(new GonkaConfig()).toMatchObject({ sourceUrl: 'http://process.example', requesterAddress: KEY_ADDRESS })
  })
})

describe('the requester', () => {
  test('is overridden by an address, and the signer signs for it', async () => {
    const { signer, requesterAddress } = configure({ address: OTHER })
    expect([signer?.address, requesterAddress]).toEqual([OTHER, OTHER])
    const digest = new Uint8Array(32).fill(7)
    expect(await signer?.sign(digest)).toEqual(await createSigner(KEY).sign(digest))
  })

  test('may be a signer instead of a key, also over a key from the environment', () => {
    const signer = { address: OTHER, sign: async () => new Uint8Array(64) }
    const config = new GonkaConfig({ signer, sourceUrl: SOURCE }, { env: { GONKA_PRIVATE_KEY: KEY } })
    expect(config.requesterAddress).toBe(OTHER)
    expect(config.signer).toBe(signer)
  })
})

describe('endpoints', () => {
  test('may be built participants, which keep weight and models', () => {
    const built = createParticipant({ address: OTHER, inferenceUrl: 'http://c.example', weight: 9, models: ['m'] })
    const { endpoints } = configure({ endpoints: [built, `http://d.example;${KEY_ADDRESS}`] })
    expect(endpoints).toMatchObject([
      { weight: 9, models: ['m'] },
      { weight: 1, models: [] },
    ])
  })

  test('are enough without a source', () => {
    const config = new GonkaConfig({ privateKey: KEY, endpoints: [`http://c.example;${OTHER}`] }, { env: {} })
    expect(config).toMatchObject({ sourceUrls: [], endpoints: [{ address: OTHER }] })
  })
})

test('a config can be the options of another one', () => {
  const config = configure({ address: OTHER, refreshEnabled: false, modelNamePrefix: 'x:', scheme: 'v1' })
  expect({ ...new GonkaConfig(config, { env: {} }) }).toEqual({ ...config })
})

describe('refuses', () => {
  const refused: [string, string, GonkaConfigOptions][] = [
    ['privateKey', 'key-invalid', { privateKey: undefined }],
    ['privateKey', 'key-invalid', { privateKey: '' }],
    ['privateKey', 'key-invalid', { privateKey: KEY.slice(2) }],
    ['privateKey', 'key-invalid', { privateKey: `${KEY.slice(2)}zz` }],
    ['privateKey', 'key-invalid', { privateKey: '00'.repeat(32) }],
    ['privateKey', 'key-invalid', { privateKey: CURVE_ORDER }],
    ['privateKey', 'key-invalid', { privateKey: 1 as never }],
    ['signer', 'config-invalid', { signer: createSigner(KEY) }],
    ['signer', 'config-invalid', { privateKey: undefined, signer: { address: OTHER } as never }],
    [
      'signer',
      'address-invalid',
      { privateKey: undefined, signer: { address: 'x', sign: async () => new Uint8Array() } },
    ],
    ['address', 'address-invalid', { address: `${OTHER.slice(0, -1)}q` }],
    ['address', 'address-invalid', { address: 'cosmos1w508d6qejxtdg4y5r3zarvary0c5xw7k2gsyg6' }],
    ['sourceUrl', 'url-invalid', { sourceUrl: 'ftp://node1.example' }],
    ['sourceUrl', 'url-invalid', { sourceUrl: '' }],
    ['sourceUrls[1]', 'url-invalid', { sourceUrls: [SOURCE, 'http://user:secret@node1.example'] }],
    ['sourceUrls', 'config-invalid', { sourceUrls: SOURCE as never }],
    ['sourceUrl', 'config-invalid', { sourceUrl: undefined }],
    ['sourceUrl', 'config-invalid', { sourceUrl: undefined, sourceUrls: [] }],
    ['sourceUrls[0]', 'url-invalid', { sourceUrls: [`${SOURCE};http://node2.example`] }],
    ['endpoints[0]', 'endpoint-invalid', { endpoints: ['http://c.example'] }],
    ['endpoints', 'endpoint-invalid', { endpoints: [`http://c.example;${OTHER}`, `http://d.example;${OTHER}`] }],
    ['endpoints[1]', 'url-invalid', { endpoints: [`http://c.example;${OTHER}`, `c.example;${OTHER}`] }],
    ['endpoints[0]', 'address-invalid', { endpoints: ['http://c.example;gonka1abc'] }],
    ['endpoints[0]', 'endpoint-invalid', { endpoints: [null as never] }],
    ['endpoints[0].address', 'address-invalid', { endpoints: [{ inferenceUrl: SOURCE, address: 'x' } as never] }],
    ['endpoints[0].inferenceUrl', 'url-invalid', { endpoints: [{ address: OTHER } as never] }],
    ['endpoints', 'config-invalid', { endpoints: `http://c.example;${OTHER}` as never }],
    ['trust', 'config-invalid', { verifyProofs: true }],
    ['trust', 'config-invalid', { verifyProofs: true, chainId: 'c' }],
    ['chainId', 'config-invalid', { verifyProofs: true, trust: 'first-use' }],
    ['chainId', 'config-invalid', { trust: 'first-use', chainId: '' }],
    ['chainId', 'config-invalid', { chainId: 5 as never }],
    ['trust', 'config-invalid', { trust: 'always' as never, chainId: 'c' }],
    ['trust.hash', 'config-invalid', { trust: { height: 1, hash: 'ab' }, chainId: 'c' }],
    ['trust.quorum', 'config-invalid', { trust: { witnesses: [SOURCE], quorum: 2 }, chainId: 'c' }],
    ['trustStore', 'config-invalid', { trustStore: '/tmp/trust.json' as never }],
    ['participantStore', 'config-invalid', { participantStore: '/tmp/set.json' as never }],
    ['participantStore', 'config-invalid', { participantStore: null as never }],
    ['verifyProofs', 'config-invalid', { verifyProofs: null as never }],
    ['verifyProofs', 'config-invalid', { verifyProofs: 'yes' as never }],
    ['refreshEnabled', 'config-invalid', { refreshEnabled: null as never }],
    ['refreshIntervalMs', 'config-invalid', { refreshIntervalMs: 0 }],
    ['refreshIntervalMs', 'config-invalid', { refreshIntervalMs: -1 }],
    ['refreshIntervalMs', 'config-invalid', { refreshIntervalMs: Number.NaN }],
    ['refreshIntervalMs', 'config-invalid', { refreshIntervalMs: Number.POSITIVE_INFINITY }],
    ['defaultMaxConcurrent', 'config-invalid', { defaultMaxConcurrent: 0 }],
    ['defaultMaxConcurrent', 'config-invalid', { defaultMaxConcurrent: 2.5 }],
    ['registerAsFallback', 'config-invalid', { registerAsFallback: 1 as never }],
    ['modelNamePrefix', 'config-invalid', { modelNamePrefix: '' }],
    ['allowPrivateHosts', 'config-invalid', { allowPrivateHosts: 'no' as never }],
    ['scheme', 'config-invalid', { scheme: 'v3' as never }],
  ]

  test.each(refused)('a wrong %s with %s', (field, code, options) => {
    const expected = expect.objectContaining({ name: 'GonkaConfigError', field, code })
    expect(() => configure(options)).toThrow(expected)
  })

  test('says what was expected and what came, and repeats no text', () => {
    expect(() => configure({ refreshIntervalMs: -5 })).toThrow(
      'refreshIntervalMs must be a finite number of milliseconds > 0; got -5.',
    )
    expect(() => configure({ scheme: 'hunter2' as never })).toThrow(
      "scheme must be 'v1' or 'v2'; got a string of 7 characters.",
    )
    expect(() => configure({ privateKey: undefined })).toThrow('set GONKA_PRIVATE_KEY')
  })

  test('anything that is not what a field takes, without showing a key that is in the wrong place', () => {
    const fields = Object.keys({ ...configure(), privateKey: '', signer: '', sourceUrl: '' }).filter(
      (field) => field !== 'requesterAddress' && field !== 'modelNamePrefix',
    )
    const canary = 'c0ffee5ec4e7'.repeat(5)
    const value = fc.oneof(fc.constant(canary), fc.constant([canary]), fc.anything())
    fc.assert(
      fc.property(fc.constantFrom(...fields), value, (field, junk) => {
        try {
          configure({ [field]: junk })
        } catch (error) {
          expect(error).toHaveProperty('name', 'GonkaConfigError')
          expect(inspect(error, { showHidden: true, depth: 10 })).not.toContain(canary.slice(0, 8))
        }
      }),
    )
  })
})

test('a config that had no trust does not switch off proofs for one that is given later', () => {
  const chain = { trust: 'first-use', chainId: 'gonka-mainnet' } as const
  const silent = configure({})
  expect(silent.verifyProofs).toBe(false)
  const later = mergeOptions(chain, silent) as GonkaConfigOptions
  expect(new GonkaConfig(later, { env: {} })).toMatchObject({ ...chain, verifyProofs: true })
  const env = { GONKA_TRUST: 'first-use', GONKA_CHAIN_ID: 'gonka-mainnet' }
  expect(new GonkaConfig(silent, { env }).verifyProofs).toBe(true)
  const refusing = configure({ verifyProofs: false })
  expect(new GonkaConfig(mergeOptions(chain, refusing) as GonkaConfigOptions, { env: {} }).verifyProofs).toBe(false)
  expect(new GonkaConfig(configure({}, { GONKA_VERIFY_PROOF: 'off' }), { env }).verifyProofs).toBe(false)
})
