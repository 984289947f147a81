import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { startTestDevnet } from '../doctor/fixtures/diagnose.ts'
import type { DoctorReport } from '../doctor/types.ts'
import { tracesOf } from '../fixtures/key-traces.ts'

const CLI = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))
const DEADLINE_MS = 60_000

interface Run {
  readonly exitCode: number | null
  readonly output: string
  readonly errors: string
}

/** Runs the built bin in a process of its own, with these variables and no others. */
async function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Run> {
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env })
  onTestFinished(() => void child.kill('SIGKILL'))
  let output = ''
  let errors = ''
  child.stdout.on('data', (chunk) => (output += chunk))
  child.stderr.on('data', (chunk) => (errors += chunk))
  const [exitCode] = await once(child, 'close')
  return { exitCode, output, errors }
}

async function keyFile(text: string, mode: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gonka-cli-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const path = join(folder, 'key')
  await writeFile(path, text)
  await chmod(path, mode)
  return path
}

test(
  'prints one JSON object and nothing beside it, and exits with 0',
  async () => {
    const devnet = await startTestDevnet()
    const env = { GONKA_PRIVATE_KEY: devnet.account.privateKey, GONKA_SOURCE_URL: devnet.url }
    const { exitCode, output, errors } = await run(['doctor', '--json', '--allow-private-hosts'], env)
    expect([exitCode, errors]).toEqual([0, ''])
    expect(output).toMatch(/^[^\n]+\n$/)
    const report = JSON.parse(output) as DoctorReport
    expect(report).toMatchObject({ ok: true, summary: expect.stringContaining('2 participants') })
    expect(report.checks.find(({ check }) => check === 'key')?.detail).toBe('well-formed, from GONKA_PRIVATE_KEY')
  },
  DEADLINE_MS,
)

test(
  'a retired network exits with 1, and the text says what to do',
  async () => {
    const devnet = await startTestDevnet({ mode: 'retired' })
    const env = { GONKA_PRIVATE_KEY: devnet.account.privateKey }
    const args = ['doctor', '--source-url', devnet.url, '--allow-private-hosts', '--timeout', '60000']
    const { exitCode, output, errors } = await run(args, env)
    expect([exitCode, errors]).toEqual([1, ''])
    expect(output).toMatch(/^fail {4}protocol {9}this network retired signed requests \(410\)/m)
    expect(output).toMatch(/^ {8}next {13}use a broker with an API key: set GONKA_BROKERS/m)
    expect(output.trimEnd().split('\n').at(-1)).toMatch(/^15 checks: .* No request can be answered yet/)
    expect(tracesOf(devnet.account.privateKey).filter((trace) => output.includes(trace))).toEqual([])
  },
  DEADLINE_MS,
)

test(
  'takes the key from a file, and says when others may read it',
  async () => {
    const devnet = await startTestDevnet()
    const args = ['doctor', '--json', '--allow-private-hosts', '--source-url', devnet.url, '--key-file']
    const safe = await run([...args, await keyFile(`${devnet.account.privateKey}\n`, 0o600)])
    expect([safe.exitCode, safe.errors]).toEqual([0, ''])
    expect(safe.output).toContain('well-formed, from --key-file')
    const shared = await run([...args, await keyFile(devnet.account.privateKey, 0o644)])
    expect([shared.exitCode, shared.errors]).toEqual([0, expect.stringContaining('chmod 600')])
  },
  DEADLINE_MS,
)

test(
  'takes the key from a pipe, and refuses what is no key',
  async () => {
    const devnet = await startTestDevnet()
    const args = `doctor --json --allow-private-hosts --source-url ${devnet.url} --key-file /dev/stdin`
    const child = spawn('sh', ['-c', `printf '%s\\n' "$KEY" | "$NODE" "$CLI" ${args}`], {
      env: { KEY: devnet.account.privateKey, NODE: process.execPath, CLI },
    })
    let output = ''
    child.stdout.on('data', (chunk) => (output += chunk))
    expect(await once(child, 'close')).toEqual([0, null])
    expect(output).toContain('well-formed, from --key-file')
    for (const path of ['/dev/zero', tmpdir()]) {
      const { exitCode, errors } = await run(['doctor', '--key-file', path])
      expect([exitCode, errors]).toEqual([2, expect.stringMatching(/^gonka: the file of --key-file/)])
    }
  },
  DEADLINE_MS,
)

test(
  'a reader that stops early, as head does, is no error',
  async () => {
    const child = spawn(process.execPath, [CLI, 'doctor', '--json'], { stdio: ['ignore', 'pipe', 'pipe'], env: {} })
    onTestFinished(() => void child.kill('SIGKILL'))
    let errors = ''
    child.stdout.destroy()
    child.stderr.on('data', (chunk) => (errors += chunk))
    expect([...(await once(child, 'close')), errors]).toEqual([2, null, ''])
  },
  DEADLINE_MS,
)

test.skipIf(!existsSync('/dev/full'))(
  'a report that cannot be written is an error in one line',
  async () => {
    const child = spawn('sh', ['-c', '"$NODE" "$CLI" doctor > /dev/full'], { env: { NODE: process.execPath, CLI } })
    let errors = ''
    child.stderr.on('data', (chunk) => (errors += chunk))
    expect(await once(child, 'close')).toEqual([1, null])
    expect(errors).toBe('gonka: the report could not be written (ENOSPC)\n')
  },
  DEADLINE_MS,
)

test(
  'wrong settings exit with 2 and are still reported',
  async () => {
    const { exitCode, output } = await run(['doctor', '--json'], { GONKA_BROKERS: 'nonsense' })
    expect(exitCode).toBe(2)
    expect(JSON.parse(output).checks[0]).toMatchObject({ check: 'configuration', status: 'fail' })
    expect((await run(['doctor'])).exitCode).toBe(2)
    const devnet = await startTestDevnet()
    const source = ['doctor', '--allow-private-hosts', '--source-url', devnet.url]
    const { privateKey } = devnet.account
    for (const env of [{}, { GONKA_PRIVATE_KEY: 'ab' }, { GONKA_PRIVATE_KEY: privateKey, GONKA_ADDRESS: 'cosmos1' }]) {
      expect((await run(source, env)).exitCode).toBe(2)
    }
  },
  DEADLINE_MS,
)

test(
  '--help names every flag and variable, --version the version',
  async () => {
    const { exitCode, output } = await run(['--help'])
    expect(exitCode).toBe(0)
    for (const text of ['gonka doctor', '--json', '--send', '--key-file', 'GONKA_TRUST']) expect(output).toContain(text)
    for (const flag of ['--help', '-h']) expect((await run(['doctor', flag])).output).toBe(output)
    expect((await run(['--version'])).output).toMatch(/^\d+\.\d+\.\d+\n$/)
  },
  DEADLINE_MS,
)
