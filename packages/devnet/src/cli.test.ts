import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'

const CLI = fileURLToPath(new URL('../dist/cli.js', import.meta.url))
const INDEX = new URL('../dist/index.js', import.meta.url).href

interface Run {
  readonly child: ChildProcess
  readonly output: () => string
  readonly errors: () => string
  readonly exitCode: Promise<number | null>
}

function run(args: readonly string[]): Run {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  let output = ''
  let errors = ''
  child.stdout.on('data', (chunk) => (output += chunk))
  child.stderr.on('data', (chunk) => (errors += chunk))
  const exitCode = once(child, 'close').then(([code]) => code as number | null)
  return { child, output: () => output, errors: () => errors, exitCode }
}

test('prints a network that answers, and stops cleanly on SIGINT', async () => {
  const { child, output, errors, exitCode } = run([
    CLI,
    '--participants',
    '2',
    '--model',
    'a',
    '--model',
    'b',
    '--chain-id',
    'my-chain',
    '--json',
  ])
  await expect.poll(output).toContain('\n')
  const summary = JSON.parse(output())
  expect(summary).toMatchObject({ mode: 'classic-v2', epochId: 7, account: { address: expect.any(String) } })
  expect(summary).toMatchObject({
    chainId: 'my-chain',
    trust: { height: 6994, hash: expect.stringMatching(/^[0-9A-F]{64}$/) },
  })
  expect(summary.participants).toHaveLength(2)
  expect(summary.participants[1].models).toEqual(['a', 'b'])
  expect((await fetch(`${summary.url}/v1/status`)).status).toBe(200)
  child.kill('SIGINT')
  expect([await exitCode, errors()]).toEqual([0, ''])
})

test('prints lines to paste and turns epochs by the clock', async () => {
  const { child, output, exitCode } = run([CLI, '--epoch-seconds', '0.05', '--mode', 'gateway'])
  await expect.poll(output).toMatch(/epoch 9: \+ http\S+ {2}- http/)
  expect(output()).toMatch(/export OPENAI_API_KEY=gk-devnet-/)
  expect(output()).toMatch(/curl http:\/\/127\.0\.0\.1:\d+\/v1\/chat\/completions/)
  child.kill('SIGINT')
  expect(await exitCode).toBe(0)
})

test('stops cleanly when nobody reads what it prints any longer, as behind head', async () => {
  const { child, output, errors, exitCode } = run([CLI, '--epoch-seconds', '0.05', '--json'])
  await expect.poll(output).toContain('\n')
  child.stdout?.destroy()
  expect([await exitCode, errors()]).toEqual([0, ''])
})

test('--help explains every flag', async () => {
  const { output, exitCode } = run([CLI, '--help'])
  expect(await exitCode).toBe(0)
  expect(output()).toContain('--epoch-seconds')
})

test.each([
  [['--participants', 'many'], '--participants must be a number'],
  [['--participants', '0'], 'participants'],
  [['--epoch-seconds', '2147484'], '--epoch-seconds must be at most 2147483'],
  [['--mode', 'classic-v9'], 'mode must be one of'],
  [['--dialect', 'x'], 'dialect must be one of'],
  [['--nonsense'], '--nonsense'],
  [['stray'], 'stray'],
])('refuses %j with exit code 2', async (args, message) => {
  const { output, errors, exitCode } = run([CLI, ...args])
  expect(await exitCode).toBe(2)
  expect(errors()).toContain(message)
  expect(errors()).toContain('Usage: gonka-devnet')
  expect(output()).toBe('')
})

test('after stop nothing keeps the process alive', async () => {
  const script = `
    import { startDevnet } from ${JSON.stringify(INDEX)}
    const devnet = await startDevnet({ participants: 2, tokenDelayMs: 60_000 })
    devnet.node(0).fault({ hang: true, path: 'all' })
    devnet.node(1).fault({ delayMs: 60_000, path: 'all' })
    const lost = devnet.urls.map((url) => fetch(url + '/v1/status').catch(() => 'lost'))
    while (devnet.nodes.some(({ requests }) => requests.length === 0)) await new Promise((done) => setImmediate(done))
    await devnet.stop()
    console.log(await Promise.all(lost))`
  const { output, exitCode } = run(['--input-type=module', '--eval', script])
  expect(await exitCode).toBe(0)
  expect(output()).toContain("[ 'lost', 'lost' ]")
})
