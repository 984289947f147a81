import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { type Devnet, type DevnetOptions, startDevnet } from '@gonka/devnet'
import { describe, expect, it, onTestFinished } from 'vitest'
import { askGonka, type Report } from './ask-gonka.ts'

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url))

describe('basic usage', () => {
  it('starts a network of its own, prints both answers and says who gave them', async () => {
    const { code, stdout, stderr } = await run(['--model', 'sim/model-a'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const [story, , registered, ...lines] = stdout.trimEnd().split('\n')
    expect(story).toMatch(/^\w+( \w+)+$/)
    expect(registered).toMatch(/^registered {2}3 in epoch 7, signed by gonka1\w{38}$/)
    const answer = (length: string) => new RegExp(`${length} characters by gonka:gonka1\\w{38} \\(ok after \\d+ ms\\)$`)
    expect(lines).toEqual([
      expect.stringMatching(answer('^at once +\\d+')),
      expect.stringMatching(answer(`^streamed +${story?.length}`)),
      'calls       2 ok',
    ])
  })

  it('asks the signed network of the environment and prints JSON for machines', async () => {
    const devnet = await start({ participants: 2 })
    const env = { GONKA_SOURCE_URL: devnet.url, GONKA_PRIVATE_KEY: devnet.account.privateKey }
    const { code, stdout } = await run(['--json', '--allow-private-hosts'], env)
    expect(code).toBe(0)
    const report = JSON.parse(stdout) as Report
    expect(report).toMatchObject({ modelsRegistered: 2, epochId: 7, requesterAddress: devnet.account.address })
    const answeredBy = [report.whole, report.streamed].map((answer) => answer.answeredBy)
    const served = devnet.nodes.flatMap(({ address, served }) => Array(served).fill(`gonka:${address}`))
    expect(answeredBy.sort()).toEqual(served.sort())
    expect(stdout).not.toContain(devnet.account.privateKey)
  })

  it('asks brokers of the public network with their keys and no signature', async () => {
    const devnet = await start({ participants: 1, mode: 'gateway' })
    const { code, stdout } = await run(['--json'], { GONKA_BROKERS: `${devnet.url}/v1;${devnet.apiKey}` })
    expect(code).toBe(0)
    const report = JSON.parse(stdout) as Report
    const answeredBy = `gonka:broker:${new URL(devnet.url).host}`
    expect(report).toMatchObject({ modelsRegistered: 1, whole: { answeredBy }, streamed: { answeredBy } })
    expect(report).not.toHaveProperty('requesterAddress')
    expect(devnet.node(0).served).toBe(2)
    expect(stdout).not.toContain(devnet.apiKey)
  })

  it('says of a network that retired signatures what to do', async () => {
    const devnet = await start({ participants: 2, mode: 'retired' })
    const env = { GONKA_SOURCE_URL: devnet.url, GONKA_PRIVATE_KEY: devnet.account.privateKey }
    const { code, stderr } = await run(['--allow-private-hosts'], env)
    expect(code).toBe(1)
    expect(stderr).toMatch(/broker/i)
  })

  it('says what is missing', async () => {
    const { code, stdout } = await run(['--json'], { GONKA_SOURCE_URL: 'http://127.0.0.1:9' })
    expect(code).toBe(1)
    const { error } = JSON.parse(stdout) as { error: { code: string; message: string } }
    expect(error.code).toBe('key-invalid')
    expect(error.message).toMatch(/privateKey|GONKA_PRIVATE_KEY/)
  })

  it('explains itself, and repeats no argument that it does not know', async () => {
    const { code, stdout } = await run(['--help'])
    expect(code).toBe(0)
    expect(stdout).toContain('GONKA_BROKERS')
    const wrong = await run(['--hunter2'])
    expect(wrong).toEqual({
      code: 2,
      stdout: '',
      stderr: 'An argument is not understood; the options are --model, --allow-private-hosts, --json, --help.\n',
    })
  })
})

describe('askGonka()', () => {
  it('hands on the stream piece by piece, and says who failed before', async () => {
    const devnet = await start({ participants: 2 })
    for (const node of devnet.nodes) node.fault({ reset: true, times: 1 })
    const pieces: string[] = []
    const { privateKey } = devnet.account
    const settings = { sourceUrls: devnet.urls, privateKey, allowPrivateHosts: true, env: {} }
    const { whole, streamed, outcomes } = await askGonka(settings, { write: (piece) => pieces.push(piece) })
    expect(pieces.length).toBeGreaterThan(2)
    expect(pieces.join('')).toBe(streamed.text)
    const verdicts = [whole, streamed].map(({ attempts }) => attempts.map(({ verdict }) => verdict.kind))
    expect(verdicts).toEqual([['unavailable', 'unavailable', 'ok'], ['ok']])
    expect(outcomes).toEqual({ ok: 2 })
  })
})

async function start(options: DevnetOptions): Promise<Devnet> {
  const devnet = await startDevnet(options)
  onTestFinished(() => devnet.stop())
  return devnet
}

function run(args: string[], env = {}): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [MAIN, ...args], { env }, (_, stdout, stderr) => {
      resolve({ code: child.exitCode, stdout, stderr })
    })
  })
}
