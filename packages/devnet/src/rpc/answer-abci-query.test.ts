import { decodeActiveParticipants } from '@gonka/protocol'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { expect, test } from 'vitest'
import { callRpc, dataOf, followAbsence, followOp, fromBase64 } from '../fixtures/check-chain.ts'
import { startTestDevnet } from '../fixtures/signed-request.ts'
import type { Devnet } from '../index.ts'
import { compareBytes } from '../state/compare-bytes.ts'
import { recordKey } from '../state/store-keys.ts'

async function query(devnet: Devnet, changes: Record<string, string> = {}) {
  const asked = {
    path: '"/store/inference/key"',
    data: dataOf(recordKey(7)),
    height: '7000',
    prove: 'true',
    ...changes,
  }
  return (await callRpc(devnet.node(0), `abci_query?${new URLSearchParams(asked)}`)).response
}

async function appHashOf(devnet: Devnet, height: number): Promise<string> {
  const { signed_header } = await callRpc(devnet.node(0), `commit?height=${height}`)
  return signed_header.header.app_hash.toLowerCase()
}

test('a record of any epoch is proven by the header of the next block', async () => {
  const devnet = await startTestDevnet({ blockTimeMs: 0 })
  devnet.chain.advance()
  for (const epoch of [4, 5, 6, 7]) {
    const { code, value, proofOps, height } = await query(devnet, { data: dataOf(recordKey(epoch)) })
    expect([code, height]).toEqual([0, '7000'])
    expect(decodeActiveParticipants(fromBase64(value)).epochId).toBe(BigInt(epoch))
    const [leaf, store] = proofOps.ops.map(followOp)
    expect(bytesToHex(leaf.value)).toBe(bytesToHex(fromBase64(value)))
    expect(leaf.depth).toBeGreaterThan(3)
    expect(bytesToHex(store.value)).toBe(leaf.root)
    expect(store.root).toBe(await appHashOf(devnet, 7_001))
  }
})

test('other stores are there and proven too', async () => {
  const devnet = await startTestDevnet({ blockTimeMs: 0 })
  const { value, proofOps } = await query(devnet, { path: '"store/bank/key"', data: '"bank/3"', height: '6999' })
  expect(fromBase64(value)).toHaveLength(32)
  const [leaf, store] = proofOps.ops.map(followOp)
  expect([bytesToHex(store.value), store.root]).toEqual([leaf.root, await appHashOf(devnet, 7_000)])
})

test('a key that is not there is proven absent by its neighbours', async () => {
  const devnet = await startTestDevnet({ blockTimeMs: 0 })
  const absent = { middle: recordKey(8), first: Uint8Array.of(0), last: utf8ToBytes('zzz') }
  for (const [place, key] of Object.entries(absent)) {
    const { value, proofOps, code } = await query(devnet, { data: dataOf(key), height: '6999' })
    expect([code, value]).toEqual([0, null])
    const { key: named, left, right } = followAbsence(proofOps.ops[0])
    expect(named).toEqual(key)
    expect([left === undefined, right === undefined]).toEqual([
      place === 'first',
      place !== 'first' && right === undefined,
    ])
    for (const side of [left, right]) {
      if (side) expect(side.root).toBe(bytesToHex(followOp(proofOps.ops[1]).value))
    }
    if (left) expect(compareBytes(left.key, key)).toBeLessThan(0)
    if (right) expect(compareBytes(right.key, key)).toBeGreaterThan(0)
  }
})

test('without prove there is no proof; without a height the latest state is read', async () => {
  const devnet = await startTestDevnet({ blockTimeMs: 0 })
  const { proofOps, height, value } = await query(devnet, { prove: 'false', height: '' })
  expect([proofOps, height]).toEqual([null, '7000'])
  expect(value).toEqual(expect.any(String))
  expect((await query(devnet, { height: '0' })).height).toBe('7000')
})

test.each([
  [{ height: '7001' }, 26, /future/],
  [{ height: '-1' }, 26, /height < 0/],
  [{ height: '5' }, 18, /height 5/],
  [{ path: '"/store/nothing/key"' }, 6, /no such store: nothing/],
  [{ path: '"/app/version"' }, 6, /unknown query path/],
  [{ data: '0x' }, 2, /zero length/],
])('%j is refused with code %i', async (changes, code, log) => {
  const devnet = await startTestDevnet({ blockTimeMs: 0 })
  const answer = await query(devnet, changes)
  expect(answer).toMatchObject({ code, value: null, proofOps: null })
  expect(answer.log).toMatch(log)
})

test.each([{ path: '/store/inference/key' }, { data: '0x0g' }, { height: 'x' }])(
  '%j cannot be read',
  async (changes) => {
    const devnet = await startTestDevnet()
    const asked = { path: '"/store/inference/key"', data: '0x00', height: '0', ...changes }
    const error = await callRpc(devnet.node(0), `abci_query?${new URLSearchParams(asked)}`)
    expect(error).toMatchObject({ code: -32602, message: 'Invalid params' })
  },
)
