import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { type Devnet, type DevnetOptions, startDevnet } from '@gonka/devnet'
import { describe, expect, it, onTestFinished } from 'vitest'
import { discoverAndSpread, type Report } from './discover-and-spread.ts'

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url))
const WEIGHTS = [40, 25, 20, 10, 5]

describe('auto discovery', () => {
  it('starts a network of its own, and prints who takes part and each share beside the weight', async () => {
    const { code, stdout, stderr } = await run(['--calls', '40'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^epoch 7, not proven: /)
    expect(stdout).toMatch(/\nparticipant +host +weight +answers +models\n/)
    const rows = stdout.match(/^gonka1\w{38} {2}127\.0\.0\.1:\d+ +[\d.]+ % +[\d.]+ % +sim\/model-a$/gm) ?? []
    expect(rows.map((row) => /[\d.]+ %/.exec(row)?.[0])).toEqual(['40.0 %', '25.0 %', '20.0 %', '10.0 %', '5.0 %'])
    expect(stdout).toMatch(/\nlost 0 of 40\n$/)
  })

  it('uses only a list that is proven under a trust anchor', async () => {
    const { code, stdout } = await run(['--verify', '--calls', '5'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^epoch 7, proven by the header of height \d+ \(trust: anchored\)\n/)
  })

  it('finds the network of the environment, proven on first use, and prints JSON for machines', async () => {
    const devnet = await start({ participants: 2, chainId: 'my-chain' })
    const env = { ...environmentOf(devnet), GONKA_CHAIN_ID: 'my-chain' }
    const { code, stdout } = await run(['--json', '--verify', '--calls', '10', '--allow-private-hosts'], env)
    expect(code).toBe(0)
    const report = JSON.parse(stdout) as Report
    expect(report).toMatchObject({ trust: 'first-use', calls: 10, lost: 0 })
    const { height, hash } = devnet.trustAnchor()
    expect(report.provenBy).toMatchObject({ height, hash: hash.toLowerCase() })
    expect(report.participants.map(({ address }) => address).sort()).toEqual(addressesOf(devnet))
    expect(stdout).not.toContain(devnet.account.privateKey)
  })

  it('uses nobody when the list is forged, and says so', async () => {
    const devnet = await start({ participants: 2 })
    for (const node of devnet.nodes) node.lie('bytes-differ')
    const { height, hash } = devnet.trustAnchor()
    const env = { ...environmentOf(devnet), GONKA_CHAIN_ID: devnet.chainId, GONKA_TRUST: `${height}:${hash}` }
    const { code, stdout } = await run(['--json', '--verify', '--allow-private-hosts'], env)
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'value-mismatch' } })
    expect(devnet.nodes.map(({ served }) => served)).toEqual([0, 0])
  })

  it('lists a network that retired signatures; calls are lost and end with 1 and what to do', async () => {
    const devnet = await start({ participants: 1, mode: 'retired' })
    const listed = await run(['--calls', '0', '--allow-private-hosts'], environmentOf(devnet))
    expect(listed.code).toBe(0)
    expect(listed.stdout).toContain(devnet.node(0).address)
    const called = await run(['--calls', '2', '--allow-private-hosts'], environmentOf(devnet))
    expect(called.code).toBe(1)
    expect(called.stdout).toMatch(/\nlost 2 of 2\n.*broker/i)
  })

  it('explains itself, and refuses options that do not fit', async () => {
    const help = await run(['--help'])
    expect(help.code).toBe(0)
    expect(help.stdout).toContain('GONKA_TRUST')
    expect(await run(['--calls', '1.5'])).toEqual({
      code: 2,
      stdout: '',
      stderr: '--calls must be a whole number >= 0.\n',
    })
    const stderr =
      'An argument is not understood; the options are --verify, --calls, --model, --allow-private-hosts, --json, --help.\n'
    expect(await run(['--hunter2'])).toEqual({ code: 2, stdout: '', stderr })
  })
})

describe('discoverAndSpread()', () => {
  it('loses nothing, and answers come by weight', async () => {
    const devnet = await start({ participants: WEIGHTS.map((weight) => ({ weight })) })
    const { participants, lost } = await discoverAndSpread(settingsOf(devnet), { calls: 300 })
    expect(lost).toBe(0)
    expect(participants.map(({ weightShare }) => weightShare)).toEqual(WEIGHTS.map((weight) => weight / 100))
    const byAddress = new Map(devnet.nodes.map(({ address, served }) => [address, served / 300]))
    for (const { address, answerShare } of participants) expect(answerShare).toBe(byAddress.get(address))
    // Chi-squared with 4 degrees of freedom: chance exceeds 60 once in 10^11 runs, equal shares give about 200.
    const surprise = participants.map((one) => (300 * (one.answerShare - one.weightShare) ** 2) / one.weightShare)
    expect(surprise.reduce((sum, part) => sum + part, 0)).toBeLessThan(60)
  })

  it('lists those that the chain excluded as left out', async () => {
    const devnet = await start({ participants: 3 })
    devnet.exclude(1, 'jailed')
    const { participants, rejected } = await discoverAndSpread(settingsOf(devnet), { calls: 0 })
    const present = addressesOf(devnet).filter((address) => address !== devnet.node(1).address)
    expect(participants.map(({ address }) => address).sort()).toEqual(present)
    expect(rejected).toMatchObject([{ reason: 'excluded' }])
  })
})

async function start(options: DevnetOptions): Promise<Devnet> {
  const devnet = await startDevnet(options)
  onTestFinished(() => devnet.stop())
  return devnet
}

function settingsOf({ urls, account }: Devnet) {
  return { sourceUrls: urls, privateKey: account.privateKey, allowPrivateHosts: true, env: {} }
}

function environmentOf({ urls, account }: Devnet) {
  return { GONKA_SOURCE_URL: urls.join(','), GONKA_PRIVATE_KEY: account.privateKey }
}

function addressesOf(devnet: Devnet): string[] {
  return devnet.nodes.map(({ address }) => address).sort()
}

function run(args: string[], env = {}): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [MAIN, ...args], { env }, (_, stdout, stderr) => {
      resolve({ code: child.exitCode, stdout, stderr })
    })
  })
}
