import { spawn } from 'node:child_process'
import { delimiter, dirname } from 'node:path'

const STEP_TIMEOUT_MS = 10 * 60_000
const KEPT_CHARACTERS = 8_000

/** What one command came to.
 * @typedef {{ version: string, step: string, result: 'pass' | 'fail', seconds: number, output: string }} StepResult */

/** Runs a script under one Node binary, which child processes find as `node` too.
 * @param {object} input
 * @param {string} input.version - Name of the row.
 * @param {string} input.step - Name of the row.
 * @param {string} input.node - Absolute path of the binary.
 * @param {readonly string[]} input.args - Script and arguments.
 * @param {string} input.cwd
 * @param {number} [input.timeoutMs] - Killed and failed after that. @default 600_000
 * @returns {Promise<StepResult>} `output` is the end of what it printed. */
export async function runStep({ version, step, node, args, cwd, timeoutMs = STEP_TIMEOUT_MS }) {
  const startedAtMs = performance.now()
  const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}` }
  const child = spawn(node, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const keep = (chunk) => {
    output = (output + chunk).slice(-KEPT_CHARACTERS)
  }
  child.stdout.setEncoding('utf8').on('data', keep)
  child.stderr.setEncoding('utf8').on('data', keep)
  const timer = setTimeout(() => {
    keep(`\nStopped after ${timeoutMs / 1000} s.\n`)
    child.kill('SIGKILL')
  }, timeoutMs)
  const status = await new Promise((resolve) => {
    child.once('error', (error) => resolve(keep(String(error)) ?? 1))
    child.once('close', (code) => resolve(code ?? 1))
  })
  clearTimeout(timer)
  return {
    version,
    step,
    result: status === 0 ? 'pass' : 'fail',
    seconds: (performance.now() - startedAtMs) / 1000,
    output,
  }
}

/** Writes results as aligned columns.
 * @param {readonly StepResult[]} results */
export function formatTable(results) {
  const rows = results.map(({ version, step, result, seconds }) => [version, step, result, seconds.toFixed(1)])
  const table = [['node', 'step', 'result', 'seconds'], ...rows]
  const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => row[column].length)))
  const line = (row) => `${widths.map((width, column) => row[column].padEnd(width)).join('  ')}  ${row[3].padStart(7)}`
  return table.map(line).join('\n')
}
