import { expect, test } from 'vitest'
import { answering, startServer } from '../fixtures/scripted-server.ts'
import { fetchAccount } from './fetch-account.ts'
import type { DoctorPorts } from './types.ts'

const ADDRESS = 'gonka1w508d6qejxtdg4y5r3zarvary0c5xw7k2gsyg6'
const PORTS: DoctorPorts = {
  fetch: (input, init) => globalThis.fetch(input, init),
  now: () => 0,
  resolveHost: undefined,
  timeoutMs: 60_000,
  signal: undefined,
}

type Answer = readonly [status: number, body: unknown]
const CLOSED: Answer = [404, '<html>nginx</html>']

/** What a node answers to its own route and to the chain's two. */
async function ask(own: Answer, auth: Answer = CLOSED, bank: Answer = CLOSED): ReturnType<typeof fetchAccount> {
  const { url } = await startServer((request, response) => {
    const [status, body] = request.url?.includes('/auth/') ? auth : request.url?.includes('/bank/') ? bank : own
    answering(status, body)(request, response)
  })
  return fetchAccount(ADDRESS, url, PORTS)
}

const authOf = (key: string | null): Answer => [200, { account: { address: ADDRESS, pub_key: key && { key } } }]
const bankOf = (...amounts: string[]): Answer => [
  200,
  { balances: amounts.map((amount) => ({ denom: 'ngonka', amount })) },
]

test('what the node itself says is enough', async () => {
  const body = `{"pubkey":"AAAA","balance":${2n ** 60n + 1n},"denom":"ngonka"}`
  expect(await ask([200, body])).toEqual({ publicKey: 'AAAA', balance: 2n ** 60n + 1n })
  expect(await ask([200, { pubkey: 'AAAA', balance: '7' }])).toEqual({ publicKey: 'AAAA', balance: 7n })
})

test('old nodes leave zeros out', async () => {
  expect(await ask([200, { pubkey: 'AAAA' }])).toEqual({ publicKey: 'AAAA', balance: 0n })
  expect(await ask([200, { balance: 5 }])).toEqual({ publicKey: undefined, balance: 5n })
})

test('where the node knows no key, the chain shows the balance', async () => {
  const keyless: Answer = [404, { error: 'account has no public key' }]
  expect(await ask(keyless, authOf(null), bankOf('5'))).toEqual({ publicKey: undefined, balance: 5n })
  expect(await ask(keyless, authOf(null), bankOf())).toEqual({ publicKey: undefined, balance: 0n })
  expect(await ask(keyless)).toEqual({ publicKey: undefined, balance: undefined })
})

test('where the node knows participants only, the chain knows accounts', async () => {
  const crash: Answer = [500, { error: 'runtime error: invalid memory address or nil pointer dereference' }]
  const stranger: Answer = [404, { error: 'Inference participant not found' }]
  for (const own of [crash, stranger, [200, '<html>'], [200, []]] as const)
    expect(await ask(own, authOf('AAAA'), bankOf('5'))).toEqual({ publicKey: 'AAAA', balance: 5n })
})

test('unknown is what node or chain call unknown; no answer is no answer', async () => {
  const unknown: Answer = [404, { error: 'account not found' }]
  expect(await ask(unknown)).toBe('unknown')
  expect(await ask([500, ''], [404, { code: 5, message: 'account not found' }])).toBe('unknown')
  expect(await ask([500, ''])).toBeUndefined()
  expect(await ask([404, { error: 'Not Found page' }])).toBeUndefined()
})

test('an amount that is none is not shown', async () => {
  expect(await ask([500, ''], authOf('AAAA'), bankOf('-5'))).toEqual({ publicKey: 'AAAA', balance: undefined })
  expect(await ask([500, ''], authOf('AAAA'), [200, { balances: [null, {}] }])).toMatchObject({ balance: 0n })
})
