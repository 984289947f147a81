import { expect, test } from 'vitest'
import { diagnose, rowOf, STRANGER, startTestDevnet, statusesOf, textOf } from './fixtures/diagnose.ts'

test('the list of developers: off it, on it, and after it ended', async () => {
  const devnet = await startTestDevnet()
  const { height } = devnet.chain
  devnet.setDevelopers({ untilBlockHeight: height + 1, allowed: [STRANGER] })
  expect(rowOf(await diagnose(devnet), 'developers')).toMatchObject({
    status: 'fail',
    detail: expect.stringContaining(`restricted until block height ${height + 1}`),
    next: expect.stringContaining('GONKA_BROKERS'),
  })
  devnet.setDevelopers({ untilBlockHeight: height + 1, allowed: [devnet.account.address] })
  expect(rowOf(await diagnose(devnet), 'developers').detail).toBe('the account is on the list')
  devnet.setDevelopers({ untilBlockHeight: height + 1, allowed: [STRANGER] })
  devnet.chain.advance(1)
  expect(rowOf(await diagnose(devnet), 'developers')).toMatchObject({ status: 'ok' })
})

test('the list of transfer agents: some on it, nobody on it', async () => {
  const devnet = await startTestDevnet()
  devnet.setTransferAgents([devnet.node(0).address])
  const some = await diagnose(devnet)
  expect(rowOf(some, 'transfer-agents')).toMatchObject({ status: 'warn', detail: expect.stringContaining('1 of 2') })
  expect(
    some.checks
      .filter(({ check }) => check === 'participant')
      .map(({ status }) => status)
      .sort(),
  ).toEqual(['ok', 'warn'])
  expect(textOf(some)).toContain('(403)')
  devnet.setTransferAgents([STRANGER])
  const nobody = await diagnose(devnet)
  expect(statusesOf(nobody)).toMatchObject({ 'transfer-agents': 'fail', protocol: 'fail' })
})
