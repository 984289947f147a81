import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { type Devnet, type DevnetOptions, startDevnet } from '@gonka/devnet'
import { Multiplexer } from '@multiplexer/core'
import { OpenAI } from 'openai'
import { describe, expect, it, onTestFinished } from 'vitest'
import { askMany, mixProviders } from './mix-providers.ts'
import type { Phase } from './run-demo.ts'
import { type Provider, startProvider } from './start-provider.ts'

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url))
const MODEL = 'sim/model-a'

describe('mixed providers', () => {
  it('loses no call while participants and broker go down and come back, and reports it for machines', async () => {
    const { code, stdout } = await run(['--json', '--calls', '30'])
    expect(code).toBe(0)
    const { phases } = JSON.parse(stdout) as { phases: Phase[] }
    expect(phases.map(({ title, errors, answers }) => [title, errors, kindsOf(answers)])).toEqual([
      ['all up', [], ['broker', 'participant']],
      ['participants down', [], ['broker']],
      ['participants and broker down', [], ['fallback']],
      ['on the way back', [], expect.arrayContaining(['broker', 'participant'])],
      ['all up again', [], ['broker', 'participant']],
    ])
    const totals = phases.map(({ answers }) => Object.values(answers).reduce((sum, count) => sum + count, 0))
    expect(totals).toEqual([30, 30, 30, expect.any(Number), 30])
    const failovers = phases.map((phase) => phase.failovers)
    expect(failovers).toEqual([0, expect.any(Number), expect.any(Number), expect.any(Number), 0])
    expect(Math.min(failovers[1] ?? 0, failovers[2] ?? 0)).toBeGreaterThan(0)
    const { answers } = phases[2] as Phase
    expect(Object.keys(answers).sort()).toEqual(['fallback:client', 'fallback:upstream'])
  })

  it('prints who answered for people', async () => {
    const { code, stdout, stderr } = await run([])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^all up\n +\d+ {2}gonka:broker:demo\n/)
    expect(stdout).toMatch(/\n\nparticipants down\n {3}20 {2}gonka:broker:demo\n +\d+ {2}failovers, 0 lost\n/)
    expect(stdout).toMatch(/\n\nparticipants and broker down\n +\d+ {2}fallback:client\n +\d+ {2}fallback:upstream\n/)
    expect(stdout).toMatch(/ 0 {2}failovers, 0 lost\n$/)
  })

  it('asks the network and the providers of the environment, each with its own key', async () => {
    const devnet = await startNetwork({ participants: 2, mode: 'retired' })
    const [client, upstream] = [await start('key-1', 'large-1'), await start('key-2', 'large-2')]
    const { code, stdout } = await run(['--json', '--model', MODEL, '--allow-private-hosts', '--calls', '30'], {
      ...environmentOf(devnet),
      ...{ OPENAI_BASE_URL: client.baseURL, OPENAI_API_KEY: 'key-1', OPENAI_MODEL: 'large-1' },
      ...{ FALLBACK_URL: upstream.baseURL, FALLBACK_API_KEY: 'key-2', FALLBACK_MODEL: 'large-2' },
    })
    expect(code).toBe(0)
    const { phases } = JSON.parse(stdout) as { phases: Phase[] }
    // One 410 tells that signed requests are over; nobody else of the network is asked.
    expect(phases).toMatchObject([{ title: '30 calls', errors: [], failovers: 1 }])
    expect(Object.keys(phases[0]?.answers ?? {}).sort()).toEqual(['fallback:client', 'fallback:upstream'])
    expect(stdout).not.toContain(devnet.account.privateKey)
    expect(stdout).not.toMatch(/key-[12]/)
  })

  it('ends with 1 when nobody answers', async () => {
    const devnet = await startNetwork({ participants: 1, mode: 'retired' })
    const provider = await start('key-1', 'large-1')
    const fallback = { FALLBACK_URL: provider.baseURL, FALLBACK_API_KEY: 'wrong' }
    const args = ['--model', MODEL, '--allow-private-hosts', '--calls', '1']
    const { code, stdout } = await run(args, { ...environmentOf(devnet), ...fallback })
    expect(code).toBe(1)
    expect(stdout).toMatch(/failovers, 1 lost\n/)
    expect(stdout).not.toContain('wrong')
  })

  it.each<[string, string[], Record<string, string>, string]>([
    ['no model', [], {}, '--model is missing; see --help.'],
    ['no provider', ['--model', MODEL], {}, 'OPENAI_API_KEY or FALLBACK_URL is missing; see --help.'],
    ['half a provider', ['--model', MODEL], { FALLBACK_URL: 'x' }, 'FALLBACK_API_KEY is missing; see --help.'],
    ['no calls', ['--calls', '0'], {}, '--calls must be a whole number >= 1.'],
    [
      'an unknown argument',
      ['--hunter2'],
      {},
      'An argument is not understood; the options are --model, --calls, --allow-private-hosts, --json, --help.',
    ],
  ])('refuses %s', async (...row) => {
    const [, args, environment, message] = row
    const outcome = await run(args, { GONKA_SOURCE_URL: 'http://127.0.0.1:9', ...environment })
    expect(outcome).toEqual({ code: 2, stdout: '', stderr: `${message}\n` })
  })

  it('explains itself', async () => {
    const { code, stdout } = await run(['--help'])
    expect(code).toBe(0)
    for (const word of ['GONKA_BROKERS', 'OPENAI_API_KEY', 'FALLBACK_URL', 'Exit code']) expect(stdout).toContain(word)
  })
})

describe('mixProviders()', () => {
  it('asks no provider while Gonka answers, and each for its own model when it does not', async () => {
    const devnet = await startNetwork({ participants: 2 })
    const [client, upstream] = [await start('key-1', 'large-1'), await start('key-2', 'large-2')]
    await using mux = new Multiplexer()
    const { refreshManager } = await mixProviders(mux, {
      gonka: { sourceUrls: devnet.urls, privateKey: devnet.account.privateKey, allowPrivateHosts: true, env: {} },
      model: MODEL,
      client: { openai: new OpenAI({ baseURL: client.baseURL, apiKey: 'key-1' }), model: 'large-1' },
      upstream: { baseURL: upstream.baseURL, apiKey: 'key-2', model: 'large-2' },
    })
    const ask = () => askMany(mux, { model: MODEL, calls: 20 })
    expect(kindsOf((await ask()).answers)).toEqual(['participant'])
    for (const node of devnet.nodes) node.fault({ reset: true })
    expect(await ask()).toEqual({ answers: expect.any(Object), errors: [] })
    const { members } = mux.getStats()
    expect(members['fallback:client']?.verdicts).toEqual({ ok: expect.any(Number) })
    expect(members['fallback:upstream']?.verdicts).toEqual({ ok: expect.any(Number) })
    await refreshManager?.stop()
  })
})

/** Which kinds of members answered, by name. */
function kindsOf(answers: Phase['answers']): string[] {
  const kinds = Object.keys(answers).map((member) => {
    if (member.startsWith('fallback:')) return 'fallback'
    return member.startsWith('gonka:broker:') ? 'broker' : 'participant'
  })
  return [...new Set(kinds)].sort()
}

async function startNetwork(options: DevnetOptions): Promise<Devnet> {
  const devnet = await startDevnet({ models: [MODEL], ...options })
  onTestFinished(() => devnet.stop())
  return devnet
}

async function start(apiKey: string, model: string): Promise<Provider> {
  const provider = await startProvider({ apiKey, model })
  onTestFinished(() => provider[Symbol.asyncDispose]())
  return provider
}

function environmentOf({ urls, account }: Devnet) {
  return { GONKA_SOURCE_URL: urls.join(','), GONKA_PRIVATE_KEY: account.privateKey }
}

function run(args: string[], env = {}): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [MAIN, ...args], { env }, (_, stdout, stderr) => {
      resolve({ code: child.exitCode, stdout, stderr })
    })
  })
}
