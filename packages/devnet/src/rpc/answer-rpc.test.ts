import { expect, test } from 'vitest'
import { callRpc, findProblems, parseTimeNs } from '../fixtures/check-chain.ts'
import { send, startTestDevnet } from '../fixtures/signed-request.ts'

test('blocks across three epochs are signed, linked to the one before and later than it', async () => {
  const devnet = await startTestDevnet({ blockTimeMs: 0, participants: 3 })
  await devnet.nextEpoch({ join: 1, leave: [0], reweight: { 1: 77 } })
  devnet.chain.advance(2)
  await devnet.nextEpoch({ rejoin: [0] })
  const heights = Array.from({ length: 40 }, (_, index) => devnet.chain.height - 39 + index)
  const headers = []
  for (const height of heights) {
    expect(await findProblems(devnet.node(0), height, devnet.chainId), `height ${height}`).toEqual([])
    const { block, block_id } = await callRpc(devnet.node(0), `block?height=${height}`)
    expect(block.header.height).toBe(String(height))
    headers.push({ ...block.header, block_id })
  }
  for (const [index, header] of headers.entries()) {
    const before = headers[index - 1]
    if (!before) continue
    expect(header.last_block_id).toEqual(before.block_id)
    expect(header.validators_hash).toBe(before.next_validators_hash)
    expect(parseTimeNs(header.time)).toBeGreaterThan(parseTimeNs(before.time))
  }
  expect(new Set(headers.map((header) => header.validators_hash)).size).toBe(3)
})

test('the first block has none before it', async () => {
  const devnet = await startTestDevnet({ blockTimeMs: 0 })
  const { sync_info } = await callRpc(devnet.node(0), 'status')
  const { block } = await callRpc(devnet.node(0), `block?height=${sync_info.earliest_block_height}`)
  const none = { hash: '', parts: { total: 0, hash: '' } }
  expect(block.header.last_block_id).toEqual(none)
  expect(block.last_commit).toEqual({ height: '0', round: 0, block_id: none, signatures: [] })
  expect(await findProblems(devnet.node(0), Number(sync_info.earliest_block_height), devnet.chainId)).toEqual([])
})

test('a new set is announced by the header with the new record, and in force in the one after', async () => {
  const devnet = await startTestDevnet({ blockTimeMs: 0 })
  await devnet.nextEpoch({ reweight: { 0: 1_000 } })
  const effective = devnet.chain.height
  const headers = await Promise.all(
    [-2, -1, 0].map(async (offset) => {
      const { signed_header } = await callRpc(devnet.node(0), `commit?height=${effective + offset}`)
      return signed_header.header
    }),
  )
  const [record, announcing, first] = headers
  expect(record.next_validators_hash).toBe(record.validators_hash)
  expect(announcing.validators_hash).toBe(record.validators_hash)
  expect(announcing.app_hash).not.toBe(record.app_hash)
  expect(announcing.next_validators_hash).not.toBe(announcing.validators_hash)
  expect(first.validators_hash).toBe(announcing.next_validators_hash)
  const { validators } = await callRpc(devnet.node(0), `validators?height=${effective}`)
  expect(validators[0].voting_power).toBe('1000')
})

test('validators come in pages of 30 unless asked otherwise, and of 100 at most', async () => {
  const devnet = await startTestDevnet({ participants: 105 })
  const count = async (query: string) => (await callRpc(devnet.node(0), `validators?${query}`)).count
  expect(await count('')).toBe('30')
  expect(await count('page=4')).toBe('15')
  expect(await count('per_page=100')).toBe('100')
  expect(await count('per_page=1000&page=2')).toBe('5')
  expect(await count('per_page=0')).toBe('30')
  const { data } = await callRpc(devnet.node(0), 'validators?page=5')
  expect(data).toBe('page should be within [1, 4] range, given 5')
  expect((await callRpc(devnet.node(0), 'validators')).total).toBe('105')
})

test.each([
  ['commit?height=7001', 'height 7001 must be less than or equal to the current blockchain height 7000'],
  ['block?height=0', 'height must be greater than 0, but got 0'],
  ['validators?height=-5', 'height must be greater than 0, but got -5'],
  ['commit?height=1', 'height 1 is not available, lowest height is 6920'],
  ['commit?height=x', 'error converting http params to arguments: height must be an integer'],
  ['commit?height=99999999999999999999', 'error converting http params to arguments: height must be an integer'],
  ['validators?page=1.5', 'error converting http params to arguments: page must be an integer'],
])('%s is an error: %s', async (call, data) => {
  const devnet = await startTestDevnet({ blockTimeMs: 0 })
  const { status, text } = await send(`${devnet.url}/chain-rpc/${call}`)
  expect(status).toBe(500)
  expect(JSON.parse(text)).toEqual({
    jsonrpc: '2.0',
    id: -1,
    error: { code: data.startsWith('error') ? -32602 : -32603, message: expect.any(String), data },
  })
})

test('without a height the latest block is meant; its commit is not canonical yet', async () => {
  const devnet = await startTestDevnet({ blockTimeMs: 0 })
  const { canonical, signed_header } = await callRpc(devnet.node(0), 'commit')
  expect([signed_header.header.height, canonical]).toEqual([String(devnet.chain.height), false])
  expect((await callRpc(devnet.node(0), 'commit?height="6999"')).canonical).toBe(true)
})

test('a block carries the commit of the block before it', async () => {
  const devnet = await startTestDevnet({ blockTimeMs: 0 })
  const { block, block_id } = await callRpc(devnet.node(0), 'block?height=7000')
  const { signed_header } = await callRpc(devnet.node(0), 'commit?height=6999')
  expect(block.last_commit).toEqual(signed_header.commit)
  expect(block.header.last_block_id).toEqual(signed_header.commit.block_id)
  expect(block_id.hash).toBe(devnet.trustAnchor(7_000).hash)
})

test('the anchor to trust is the header that proves the list of the epoch in force', async () => {
  const devnet = await startTestDevnet({ blockTimeMs: 0, chainId: 'my-chain' })
  await devnet.nextEpoch()
  const { height, hash } = devnet.trustAnchor()
  expect(height).toBe(devnet.chain.height - 1)
  const { signed_header } = await callRpc(devnet.node(0), `commit?height=${height}`)
  expect(signed_header.commit.block_id.hash).toBe(hash)
  expect([signed_header.header.chain_id, devnet.chainId]).toEqual(['my-chain', 'my-chain'])
  for (const bad of [0, devnet.chain.height + 1, 7_000.5, Number.NaN]) {
    expect(() => devnet.trustAnchor(bad)).toThrow(RangeError)
  }
})

test('thousands of blocks are made at once', async () => {
  const devnet = await startTestDevnet({ blockTimeMs: 0 })
  devnet.chain.advance(5_000)
  expect(await findProblems(devnet.node(0), devnet.chain.height, devnet.chainId)).toEqual([])
})

test('a chain ahead of the clock makes headers of the future; one that falls behind never goes back', async () => {
  const devnet = await startTestDevnet({ blockTimeMs: 0, now: () => 1_767_225_600_000 })
  const timeAt = async (height: number) => {
    const { signed_header } = await callRpc(devnet.node(0), `commit?height=${height}`)
    return parseTimeNs(signed_header.header.time)
  }
  const nowNs = 1_767_225_600_000_000_000n
  expect(await timeAt(7_000)).toBe(nowNs)
  devnet.chain.setLagMs(-60_000)
  devnet.chain.advance()
  expect(await timeAt(7_001)).toBe(nowNs + 60_000_000_000n)
  devnet.chain.setLagMs(60_000)
  devnet.chain.advance()
  expect(await timeAt(7_002)).toBe(nowNs + 60_000_000_001n)
  expect((await callRpc(devnet.node(0), 'status')).sync_info.latest_block_time).toBe('2025-12-31T23:59:00Z')
  expect(await findProblems(devnet.node(0), 7_002, devnet.chainId)).toEqual([])
})
