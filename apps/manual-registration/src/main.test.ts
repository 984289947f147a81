import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { type Devnet, type DevnetOptions, startDevnet } from '@gonka/devnet'
import { GonkaConfig } from '@multiplexer/gonka'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type Report, registerByHand } from './register-by-hand.ts'

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url))
const NOBODY = 'The pool has no members; add one with addModel().'

describe('manual registration', () => {
  it('starts a network of its own, and prints who answered while who was registered', async () => {
    const { code, stdout, stderr } = await run([])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const [head, together, alone, nobody] = stdout.split('\n\nregistered: ')
    expect(head).toMatch(
      /^signed by gonka1\w{38}\nby hand +gonka:gonka1\w{38}, weight 200\ndiscovered 3 more in epoch 7$/,
    )
    expect(together).toMatch(/^your node and the epoch\n( +\d+ {2}gonka:gonka1\w{38}\n?)+$/)
    expect(alone).toMatch(/^your node alone\n +40 {2}gonka:gonka1\w{38}$/)
    expect(nobody).toBe(`nobody\n${NOBODY}\n`)
  })

  it('uses source, key and node of the environment and prints JSON for machines', async () => {
    const devnet = await start({ participants: 2 })
    const env = { ...environmentOf(devnet), GONKA_ENDPOINTS: endpointOf(devnet) }
    const { code, stdout } = await run(['--json', '--allow-private-hosts'], env)
    expect(code).toBe(0)
    const report = JSON.parse(stdout) as Report
    expect(report).toMatchObject({ requesterAddress: devnet.account.address, epochId: 7, discovered: 1 })
    expect(stdout).not.toContain(devnet.account.privateKey)
  })

  it('ends with 1 and says why when calls are lost', async () => {
    const devnet = await start({ participants: 2, mode: 'retired' })
    const env = { ...environmentOf(devnet), GONKA_ENDPOINTS: endpointOf(devnet) }
    const { code, stdout } = await run(['--allow-private-hosts'], env)
    expect(code).toBe(1)
    expect(stdout).toMatch(/registered: your node alone\n.*broker/i)
  })

  it('explains itself, and says what is missing', async () => {
    const help = await run(['--help'])
    expect(help.code).toBe(0)
    expect(help.stdout).toContain('GONKA_ENDPOINTS')
    const half = await run([], { GONKA_SOURCE_URL: 'http://127.0.0.1:9' })
    expect(half.code).toBe(2)
    expect(half.stderr).toMatch(/GONKA_SOURCE_URL and GONKA_ENDPOINTS=url;address are needed together/)
    const stderr = 'An argument is not understood; the options are --model, --allow-private-hosts, --json, --help.\n'
    expect(await run(['--hunter2'])).toEqual({ code: 2, stdout: '', stderr })
  })
})

describe('registerByHand()', () => {
  it('gives the node its own weight, and no more requests at once than it takes', async () => {
    const others = [{ weight: 5 }, { weight: 5 }]
    const devnet = await start({ participants: [{ weight: 10, capacity: 2 }, ...others], latencyMs: 10 })
    const { own, discovered, steps } = await registerByHand(configOf(devnet))
    const member = `gonka:${devnet.node(0).address}`
    expect({ own, discovered }).toEqual({ own: { member, weight: 200 }, discovered: 2 })
    expect(devnet.node(0).requests.filter(({ status }) => status === 429)).toEqual([])
    const [together, alone] = steps
    // Unlimited, a weight of 200 beside 5 and 5 would take nearly every call.
    expect(together?.answers[member]).toBeGreaterThan(1)
    expect(together?.answers[member]).toBeLessThan(30)
    expect(alone?.answers).toEqual({ [member]: 40 })
  })

  it('loses no call while somebody is registered, and says that nobody is', async () => {
    const devnet = await start({ participants: 3 })
    const { steps } = await registerByHand(configOf(devnet), { calls: 10 })
    const totals = steps.map(({ answers }) => Object.values(answers).reduce((sum, count) => sum + count, 0))
    expect(totals).toEqual([10, 10, 0])
    expect(steps.map(({ errors }) => errors)).toEqual([[], [], [NOBODY]])
    expect(devnet.nodes.reduce((sum, { served }) => sum + served, 0)).toBe(20)
  })

  it('refuses a config without a node of its own', async () => {
    const config = new GonkaConfig({ privateKey: '01'.repeat(32), sourceUrl: 'http://node1.example' }, { env: {} })
    await expect(registerByHand(config)).rejects.toThrow('A source, a key and an endpoint are required.')
  })
})

async function start(options: DevnetOptions): Promise<Devnet> {
  const devnet = await startDevnet(options)
  onTestFinished(() => devnet.stop())
  return devnet
}

function configOf(devnet: Devnet): GonkaConfig {
  const { urls, account } = devnet
  const network = { sourceUrls: urls, privateKey: account.privateKey, allowPrivateHosts: true }
  return new GonkaConfig({ ...network, endpoints: [endpointOf(devnet)] }, { env: {} })
}

function environmentOf({ urls, account }: Devnet) {
  return { GONKA_SOURCE_URL: urls.join(','), GONKA_PRIVATE_KEY: account.privateKey }
}

function endpointOf(devnet: Devnet): string {
  const { url, address } = devnet.node(0)
  return `${url};${address}`
}

function run(args: string[], env = {}): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [MAIN, ...args], { env }, (_, stdout, stderr) => {
      resolve({ code: child.exitCode, stdout, stderr })
    })
  })
}
