import { spawn } from 'node:child_process'

const KEPT_CHARACTERS = 6_000
const GRACE_MS = 2_000

/** Runs a command to its end, in a process group of its own so that nothing it started outlives it.
 * @param {readonly string[]} command - Program and arguments; no shell reads them.
 * @param {object} options
 * @param {string} options.cwd
 * @param {NodeJS.ProcessEnv} [options.env] @default process.env
 * @param {AbortSignal} [options.signal] - Ends the whole group.
 * @returns {Promise<string>} What it wrote to its standard output.
 * @throws {Error} When it ends with another code than 0, with the end of what it printed; the signal's reason when aborted. */
export async function runCommand([program, ...args], { cwd, env = process.env, signal }) {
  signal?.throwIfAborted()
  const child = spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let printed = ''
  const keep = (chunk) => {
    printed = (printed + chunk).slice(-KEPT_CHARACTERS)
  }
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    stdout += chunk
    keep(chunk)
  })
  child.stderr.setEncoding('utf8').on('data', keep)
  const ending = endGroup(child)
  signal?.addEventListener('abort', ending.start, { once: true })
  try {
    const code = await new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('close', resolve)
    })
    signal?.throwIfAborted()
    if (code === 0) return stdout
    throw new Error(`\`${[program, ...args].join(' ')}\` ended with code ${code} in ${cwd}:\n${printed.trim()}`)
  } finally {
    signal?.removeEventListener('abort', ending.start)
    ending.clear()
  }
}

/** Asks a process group to end, and kills it when it has not after two seconds. */
function endGroup(child) {
  let timer
  const send = (name) => {
    try {
      process.kill(-child.pid, name)
    } catch {
      child.kill(name) // The group is gone already, or the platform knows no groups.
    }
  }
  return {
    start: () => {
      send('SIGTERM')
      timer = setTimeout(send, GRACE_MS, 'SIGKILL')
    },
    clear: () => clearTimeout(timer),
  }
}
