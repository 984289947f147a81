import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startExampleUpstream } from './start-example-upstream.mjs'

const PRELOAD = new URL('redirect-hosts.mjs', import.meta.url).href
const AT_ONCE = 3

/** Runs compiled blocks, each in a process and an empty folder of its own, without the environment's keys, and with a local
 * server behind every host that they name.
 * @param {import('../compile-blocks.mjs').CompiledBlock[]} blocks
 * @param {{ timeoutMs?: number, env?: Record<string, string | undefined> }} [options] - Limit for one block, 60,000 ms; the
 * environment, of which `PATH` and `HOME` are handed on.
 * @returns {Promise<string[]>} One problem per block that failed: `name:line: …`. */
export async function runBlocks(blocks, { timeoutMs = 60_000, env = process.env } = {}) {
  const upstream = await startExampleUpstream()
  const problems = []
  const waiting = [...blocks]
  const work = async () => {
    for (let block = waiting.shift(); block; block = waiting.shift()) {
      const problem = await runBlock(block, {
        timeoutMs,
        env: { PATH: env.PATH, HOME: env.HOME, NO_COLOR: '1', EXAMPLE_UPSTREAM: upstream.url },
      })
      if (problem !== undefined) problems.push(`${block.name}:${block.line}: ${problem}`)
    }
  }
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, work))
  } finally {
    upstream.stop()
  }
  return problems.sort()
}

async function runBlock({ path }, { env, timeoutMs }) {
  const cwd = mkdtempSync(join(tmpdir(), 'example-'))
  const args = ['--enable-source-maps', '--import', PRELOAD, path]
  try {
    const { code, output } = await run(args, { cwd, env, timeout: timeoutMs })
    if (code === 0) return undefined
    return `${code === null ? `did not end within ${timeoutMs} ms` : `ended with code ${code}`}\n${output}`.trimEnd()
  } finally {
    rmSync(cwd, { recursive: true, force: true })
  }
}

function run(args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      ...options,
      stdio: ['ignore', 'pipe', 'pipe'],
      killSignal: 'SIGKILL',
    })
    let output = ''
    const collect = (chunk) => {
      output = (output + chunk).slice(-4_000)
    }
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, output }))
  })
}
