import { spawn } from 'node:child_process'

const TIMEOUT_MS = 120_000
const KEPT_CHARACTERS = 200_000

/** How a command ended. */
export interface CommandResult {
  /** Exit code; -1 when it could not be started or was stopped. */
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

/** Where and how long a command runs. */
export interface CommandOptions {
  readonly cwd: string
  /** Killed after that, in milliseconds, with a note on stderr. @default 120_000 */
  readonly timeoutMs?: number | undefined
}

/** Runs a program to its end. It gets no variable that our packages or Node read, so that a run is the same everywhere.
 * @param command - Program and arguments.
 * @returns Never rejects: a program that is not there ends with status -1. */
export async function runCommand(
  [program = '', ...args]: readonly string[],
  { cwd, timeoutMs = TIMEOUT_MS }: CommandOptions,
): Promise<CommandResult> {
  const child = spawn(program, args, { cwd, env: plainEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout = (stdout + chunk).slice(-KEPT_CHARACTERS)
  })
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr = (stderr + chunk).slice(-KEPT_CHARACTERS)
  })
  const timer = setTimeout(() => {
    stderr += `stopped after ${timeoutMs / 1000} s\n`
    child.kill('SIGKILL')
  }, timeoutMs)
  const status = await new Promise<number>((resolve) => {
    child.once('error', (error) => {
      stderr += `${error.message}\n`
      resolve(-1)
    })
    child.once('close', (code) => resolve(code ?? -1))
  })
  clearTimeout(timer)
  return { status, stdout, stderr }
}

/** Runs npm in a folder, without scripts and questions.
 * @throws Error with npm's own words when it fails. */
export async function runNpm(args: readonly string[], cwd: string): Promise<void> {
  const flags = ['--prefix', cwd, '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error']
  const program = process.platform === 'win32' ? ['cmd', '/c', 'npm'] : ['npm']
  const { status, stderr } = await runCommand([...program, ...args, ...flags], { cwd, timeoutMs: 5 * 60_000 })
  if (status !== 0) throw new Error(`npm ${args.join(' ')} failed in ${cwd}:\n${stderr}`)
}

function plainEnvironment(): NodeJS.ProcessEnv {
  const disturbing = /^(OPENAI_|GONKA_|OTEL_|VITEST|NODE_OPTIONS$|NODE_ENV$|FORCE_COLOR$)/
  const kept = Object.entries(process.env).filter(([name]) => !disturbing.test(name))
  return { ...Object.fromEntries(kept), NO_COLOR: '1' }
}
