import { expect, test } from 'vitest'
import { send, startTestDevnet } from './fixtures/signed-request.ts'

const AUTH = '/chain-api/cosmos/auth/v1beta1/accounts'
const BANK = '/chain-api/cosmos/bank/v1beta1/balances'
const STRANGER = 'gonka1w508d6qejxtdg4y5r3zarvary0c5xw7k2gsyg6'

async function get(url: string): Promise<readonly [number, ReturnType<typeof JSON.parse>]> {
  const { status, text } = await send(url)
  return [status, JSON.parse(text)]
}

test('the chain shows an account with the key that the node shows, and its coins to the last digit', async () => {
  const devnet = await startTestDevnet()
  const { address } = devnet.createAccount({ balance: 2n ** 60n + 1n })
  const [, { account }] = await get(`${devnet.url}${AUTH}/${address}`)
  const [, { pubkey }] = await get(`${devnet.url}/v1/participants/${address}`)
  expect(account).toMatchObject({ address, pub_key: { '@type': '/cosmos.crypto.secp256k1.PubKey', key: pubkey } })
  expect(await get(`${devnet.url}${BANK}/${address}`)).toEqual([
    200,
    { balances: [{ denom: 'ngonka', amount: '1152921504606846977' }], pagination: { next_key: null, total: '1' } },
  ])
})

test('an account without a key has a null key and its balance; one without coins has none', async () => {
  const devnet = await startTestDevnet()
  const keyless = devnet.createAccount({ publishKey: false, balance: 5n })
  const poor = devnet.createAccount({ balance: 0n })
  expect((await get(`${devnet.url}${AUTH}/${keyless.address}`))[1].account.pub_key).toBeNull()
  expect((await get(`${devnet.url}${BANK}/${keyless.address}`))[1].balances).toEqual([{ denom: 'ngonka', amount: '5' }])
  expect((await get(`${devnet.url}${BANK}/${poor.address}`))[1].balances).toEqual([])
})

test('a stranger is not found, and has no coins; what is no address is refused', async () => {
  const devnet = await startTestDevnet()
  const [status, { code }] = await get(`${devnet.url}${AUTH}/${STRANGER}`)
  expect([status, code]).toEqual([404, 5])
  expect((await get(`${devnet.url}${BANK}/${STRANGER}`))[1].balances).toEqual([])
  for (const path of [AUTH, BANK]) {
    const [refused, body] = await get(`${devnet.url}${path}/nobody`)
    expect([refused, body.code]).toEqual([400, 3])
  }
})

test.each([
  ['classic-v1', '0.2.5'],
  ['classic-v2', '0.2.13'],
  ['retired', '0.2.14'],
  ['gateway', '0.2.14'],
] as const)('a node of mode %s says that it runs %s', async (mode, version) => {
  const devnet = await startTestDevnet({ mode, participants: 1 })
  const [, { api_version }] = await get(`${devnet.url}/v1/versions`)
  expect(api_version.version).toBe(version)
})
