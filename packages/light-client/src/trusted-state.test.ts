import { describe, expect, test } from 'vitest'
import { createMemoryTrustStore } from './create-memory-trust-store.ts'
import { createChain } from './fixtures/chain.ts'
import { createMembers } from './fixtures/members.ts'
import { refusalOf } from './fixtures/refusals.ts'
import { formatTrustedState, parseTrustedState } from './trusted-state.ts'

const CHAIN = createChain({ length: 3, members: () => createMembers({ a: 2n ** 55n, b: 1n }) })
const STATE = { ...CHAIN.trusted(3n), anchorHash: CHAIN.hash(1n) }

describe('a trusted state', () => {
  test('survives being written as text and read', () => {
    expect(parseTrustedState(formatTrustedState(STATE))).toEqual(STATE)
    const bare = { ...STATE, nextValidators: undefined }
    expect(parseTrustedState(formatTrustedState(bare))).toEqual(bare)
  })

  test.each<[string, (text: string) => string]>([
    ['empty', () => ''],
    ['cut', (text) => text.slice(0, -2)],
    ['null', () => 'null'],
    ['of another format', (text) => text.replace('"format":1', '"format":2')],
    ['of height 0', (text) => text.replace('"height":"3"', '"height":"0"')],
    ['without a header', () => '{"format":1}'],
    ['with another set', (text) => text.replace('"voting_power":"1"', '"voting_power":"2"')],
    ['with a malformed anchor', (text) => text.replace(/"anchor_hash":"../, '"anchor_hash":"')],
    ['with an anchor that is a number', (text) => text.replace(/"anchor_hash":"\w+"/, '"anchor_hash":7')],
  ])('that is %s is refused', (_name, damage) => {
    expect(damage(formatTrustedState(STATE))).not.toBe(formatTrustedState(STATE))
    expect(refusalOf(() => parseTrustedState(damage(formatTrustedState(STATE))))).toBe('trust-state-invalid')
  })
})

test('the store in memory gives back what was saved last', async () => {
  const store = createMemoryTrustStore()
  expect(await store.load()).toBeUndefined()
  await store.save(STATE)
  expect(await store.load()).toBe(STATE)
  expect(await createMemoryTrustStore(STATE).load()).toBe(STATE)
})
