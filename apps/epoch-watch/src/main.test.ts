import { type ChildProcess, execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { type Devnet, type DevnetOptions, startDevnet } from '@gonka/devnet'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { type EpochChange, type Report, watchEpochs } from './watch-epochs.ts'

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url))
const WAIT = { timeout: 15_000, interval: 10 }

describe('epoch watch', () => {
  it('runs a network of its own through epochs, tells who joined, left and stayed, and loses no call', async () => {
    const { code, stdout, stderr } = await run(['--epochs', '2']).ended
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const [first, second, epochs, refresh, lost] = stdout.trimEnd().split('\n')
    expect(first).toMatch(/^epoch 7 -> 8: 3 stayed, joined gonka1\w{6}…, left gonka1\w{6}…$/)
    const [, left] = /left (\S+)$/.exec(first ?? '') ?? []
    expect(second).toMatch(new RegExp(`^epoch 8 -> 9: 3 stayed, joined ${left}, left gonka1`))
    expect(epochs).toBe('epochs        7 to 9')
    expect(refresh).toBe('last refresh  succeeded')
    expect(lost).toMatch(/^lost 0 of \d\d+$/)
  })

  it.each(['SIGINT', 'SIGTERM'] as const)('ends in order at %s', async (signal) => {
    const { child, ended } = run(['--epochs', '1000'])
    child.stdout?.once('data', () => child.kill(signal))
    const { code, stdout } = await ended
    expect(code).toBe(0)
    expect(stdout).toMatch(/^epoch 7 -> 8: /)
    expect(stdout).toMatch(/\nlost 0 of \d+\n$/)
  })

  it('ends in order when nobody reads any longer, as behind head', async () => {
    const { child, ended } = run(['--epochs', '1000'])
    child.stdout?.once('data', () => child.stdout?.destroy())
    const { code, stderr } = await ended
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })

  it('watches the network of the environment and prints JSON for machines', async () => {
    const devnet = await start({ participants: 3 })
    const [leaving, ...staying] = devnet.nodes
    const args = ['--json', '--allow-private-hosts', '--interval-ms', '20', '--pause-ms', '5']
    const { child, ended } = run(args, environmentOf(devnet))
    await vi.waitFor(() => expect(servedBy(devnet)).toBeGreaterThan(0), WAIT)
    const { joined } = await devnet.nextEpoch({ join: 1, leave: [0] })
    await vi.waitFor(() => expect(joined[0]?.served).toBeGreaterThan(0), WAIT)
    child.kill('SIGINT')
    const { code, stdout } = await ended
    const report = JSON.parse(stdout) as Report
    expect({ code, lost: report.lost, errors: report.errors }).toEqual({ code: 0, lost: 0, errors: [] })
    expect(report.changes).toEqual([
      {
        oldEpoch: 7,
        newEpoch: 8,
        joined: addressesOf(joined),
        left: [leaving?.address],
        stayed: expect.arrayContaining(addressesOf(staying)),
      },
    ])
    expect(report.lastRefresh).toMatchObject({ success: true })
    expect(report.calls).toBe(servedBy(devnet))
    expect(stdout).not.toContain(devnet.account.privateKey)
  })

  it.each<[string, string[], string]>([
    ['no epochs', ['--epochs', '0'], '--epochs must be a whole number >= 1.'],
    ['half a millisecond', ['--interval-ms', '0.5'], '--interval-ms must be a whole number >= 1.'],
    [
      'an unknown argument',
      ['--hunter2'],
      'An argument is not understood; the options are --epochs, --interval-ms, --pause-ms, --model, --allow-private-hosts, --json, --help.',
    ],
  ])('refuses %s', async (_, args, message) => {
    expect(await run(args).ended).toEqual({ code: 2, stdout: '', stderr: `${message}\n` })
  })

  it('explains itself', async () => {
    const { code, stdout } = await run(['--help']).ended
    expect(code).toBe(0)
    for (const word of ['GONKA_SOURCE_URL', '--epochs', 'Ctrl-C', 'Exit code']) expect(stdout).toContain(word)
  })
})

describe('watchEpochs()', () => {
  it('goes on calling the participants in use while the source is down, and says so', async () => {
    const devnet = await start({ participants: 2 })
    const stop = new AbortController()
    const watching = watchEpochs(settingsOf(devnet), { signal: stop.signal, pauseMs: 5 })
    await vi.waitFor(() => expect(servedBy(devnet)).toBeGreaterThan(0), WAIT)
    for (const node of devnet.nodes) node.fault({ status: 500, path: 'discovery' })
    const before = servedBy(devnet)
    await vi.waitFor(() => expect(servedBy(devnet)).toBeGreaterThan(before + 10), WAIT)
    stop.abort()
    const { changes, lost, lastRefresh } = await watching
    expect({ changes, lost }).toEqual({ changes: [], lost: 0 })
    expect(lastRefresh).toMatchObject({ success: false, error: { name: 'GonkaRefreshError', code: 'refresh-failed' } })
    expect(JSON.stringify(lastRefresh)).not.toContain(devnet.account.privateKey)
  })

  it('tells of each epoch while the calls go on', async () => {
    const devnet = await start({ participants: 3 })
    const stop = new AbortController()
    const seen: EpochChange[] = []
    const onEpoch = (change: EpochChange): void => void seen.push(change)
    const watching = watchEpochs(settingsOf(devnet), { signal: stop.signal, pauseMs: 5, onEpoch })
    await vi.waitFor(() => expect(servedBy(devnet)).toBeGreaterThan(0), WAIT)
    for (const count of [1, 2, 3]) {
      await devnet.nextEpoch({ reweight: { 0: 10 * count } })
      await vi.waitFor(() => expect(seen.length).toBe(count), WAIT)
    }
    stop.abort()
    const report = await watching
    expect(report.changes).toEqual(seen)
    expect(seen.map(({ oldEpoch, newEpoch }) => [oldEpoch, newEpoch])).toEqual([
      [7, 8],
      [8, 9],
      [9, 10],
    ])
    for (const { joined, left, stayed } of seen) expect([joined, left, stayed.length]).toEqual([[], [], 3])
    expect(report.lost).toBe(0)
  })

  it('does not begin when it is told to stop', async () => {
    const devnet = await start({ participants: 1 })
    const watching = watchEpochs(settingsOf(devnet), { signal: AbortSignal.abort() })
    await expect(watching).rejects.toMatchObject({ name: 'AbortError' })
    expect(devnet.node(0).requests).toEqual([])
  })

  it('refuses a network without a source: there is nobody to ask for epochs', async () => {
    const devnet = await start({ participants: 1 })
    const { url, address } = devnet.node(0)
    const settings = { endpoints: [`${url};${address}`], privateKey: devnet.account.privateKey, env: {} }
    const watching = watchEpochs(settings, { signal: new AbortController().signal })
    await expect(watching).rejects.toThrow(/only where there is a source/)
  })
})

async function start(options: DevnetOptions): Promise<Devnet> {
  const devnet = await startDevnet(options)
  onTestFinished(() => devnet.stop())
  return devnet
}

function settingsOf({ urls, account }: Devnet) {
  const network = { sourceUrls: urls, privateKey: account.privateKey, allowPrivateHosts: true, env: {} }
  return { ...network, refreshIntervalMs: 20, discovery: { retryCount: 0 } }
}

function environmentOf({ urls, account }: Devnet) {
  return { GONKA_SOURCE_URL: urls.join(','), GONKA_PRIVATE_KEY: account.privateKey }
}

function servedBy(devnet: Devnet): number {
  return devnet.nodes.reduce((sum, { served }) => sum + served, 0)
}

function addressesOf(nodes: Devnet['nodes']): string[] {
  return nodes.map(({ address }) => address)
}

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

function run(args: string[], env = {}): { child: ChildProcess; ended: Promise<Ended> } {
  let resolve: (ended: Ended) => void
  const ended = new Promise<Ended>((resolver) => {
    resolve = resolver
  })
  const child = execFile(process.execPath, [MAIN, ...args], { env }, (_, stdout, stderr) => {
    resolve({ code: child.exitCode, stdout, stderr })
  })
  return { child, ended }
}
