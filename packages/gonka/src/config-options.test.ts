import { createMemoryTrustStore } from '@gonka/discovery'
import { createMemoryParticipantStore } from '@gonka/refresh'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type GonkaConfigOptions, mergeOptions } from './config-options.ts'
import { GonkaConfig } from './gonka-config.ts'
import { readEnvironment } from './read-environment.ts'

const keyOf = (n: number): string => n.toString(16).padStart(64, '0')
const ADDRESSES = [
  'gonka1w508d6qejxtdg4y5r3zarvary0c5xw7k2gsyg6',
  'gonka1y2a9p56kv044327uycmqdexl7zs82fs5ryv5le',
] as const

/** What proofs need, so that any layer may ask for them. */
const PROOF = { trust: 'first-use', chainId: 'chain-z' } as const

/** Values that a layer may give to each field; the default of the field is among them. */
const layer = fc.record(
  {
    privateKey: fc.constantFrom(keyOf(1), keyOf(2)),
    sourceUrl: fc.constantFrom('http://a.example', 'http://b.example'),
    endpoints: fc.constantFrom([], [`http://c.example;${ADDRESSES[0]}`]),
    brokers: fc.constantFrom([], [{ url: 'http://a.example/v1', apiKey: 'key' }]),
    address: fc.constantFrom(...ADDRESSES),
    verifyProofs: fc.boolean(),
    trust: fc.constantFrom('first-use' as const, { height: 5, hash: 'ab'.repeat(32) }),
    chainId: fc.constantFrom('chain-a', 'chain-b'),
    trustStore: fc.constant(createMemoryTrustStore()),
    participantStore: fc.constant(createMemoryParticipantStore()),
    refreshEnabled: fc.boolean(),
    refreshIntervalMs: fc.constantFrom(60_000, 5),
    defaultMaxConcurrent: fc.constantFrom(1, 2),
    registerAsFallback: fc.boolean(),
    modelNamePrefix: fc.constantFrom('gonka:', 'x:'),
    allowPrivateHosts: fc.boolean(),
    scheme: fc.constantFrom('v1' as const, 'v2' as const),
  },
  { requiredKeys: [] },
)

const environment = fc.record(
  {
    GONKA_PRIVATE_KEY: fc.constantFrom(keyOf(3)),
    GONKA_SOURCE_URL: fc.constantFrom('http://env.example'),
    GONKA_ENDPOINTS: fc.constant(`http://env.example;${ADDRESSES[1]}`),
    GONKA_BROKERS: fc.constant('http://env.example/v1;key'),
    GONKA_ADDRESS: fc.constantFrom(...ADDRESSES),
    GONKA_VERIFY_PROOF: fc.constantFrom('0', '1'),
    GONKA_TRUST: fc.constant(`7:${'cd'.repeat(32)}`),
    GONKA_CHAIN_ID: fc.constant('chain-env'),
  },
  { requiredKeys: [] },
)

test('every field comes from the argument, else the config, else the environment', () => {
  fc.assert(
    fc.property(layer, layer, environment, (own, config, env) => {
      const merged = mergeOptions(mergeOptions(own, config), readEnvironment(env))
      const variables = readEnvironment(env)
      for (const field of [...Object.keys(own), ...Object.keys(config), ...Object.keys(variables)]) {
        const name = field as keyof GonkaConfigOptions
        // A source URL in a higher layer takes the place of the environment's list.
        if (name === 'sourceUrls' && (own.sourceUrl ?? config.sourceUrl) !== undefined) continue
        const layers = [own, config, variables] as GonkaConfigOptions[]
        expect(merged[name]).toEqual(layers.map((each) => each[name]).find((value) => value !== undefined))
      }
    }),
  )
})

test('a config that is complete says the same whether it is an instance or plain options', () => {
  fc.assert(
    fc.property(layer, layer, (own, config) => {
      const complete = { privateKey: keyOf(4), sourceUrl: 'http://z.example', ...PROOF, ...config }
      const instance = new GonkaConfig(complete, { env: {} })
      const show = (lower: GonkaConfigOptions) => ({
        ...new GonkaConfig(mergeOptions(own, lower) as GonkaConfigOptions, { env: {} }),
        participantStore: new GonkaConfig(mergeOptions(own, lower) as GonkaConfigOptions, { env: {} }).participantStore,
      })
      expect(show(instance)).toEqual(show(complete))
    }),
  )
})
