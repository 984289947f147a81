import { readFile } from 'node:fs/promises'
import { runDoctor } from '../doctor/run-doctor.ts'
import type { DoctorCheck, DoctorReport } from '../doctor/types.ts'
import { formatReport } from './format-report.ts'
import { type CliRequest, parseArguments, UsageError } from './parse-arguments.ts'
import { readKeyFile } from './read-key-file.ts'
import { USAGE } from './usage.ts'

/** Runs one command.
 * @returns The exit code: 0 no check failed, 1 a check failed, 2 a flag or a setting is wrong. */
export async function runCli(argv: readonly string[]): Promise<number> {
  process.stdout.on('error', endUnprinted)
  process.stderr.on('error', () => {})
  try {
    return await run(parseArguments(argv))
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(`gonka: ${error.message}\n\n${USAGE}`)
      return 2
    }
    // Not a text of ours: it may hold anything, so only its kind is shown.
    process.stderr.write(`gonka: internal error (${error instanceof Error ? error.name : typeof error})\n`)
    return 1
  }
}

/** Who reads the report may stop early, as `head` does: that is no error, and changes no exit code. A full disk is one. */
function endUnprinted({ code = 'unknown' }: NodeJS.ErrnoException): void {
  if (code === 'EPIPE') return
  process.stderr.write(`gonka: the report could not be written (${code})\n`)
  process.exit(1)
}

async function run(request: CliRequest): Promise<number> {
  if (request.command === 'help') return print(USAGE)
  if (request.command === 'version') return print(`${await readVersion()}\n`)
  const report = await examine(request)
  print(request.json ? `${JSON.stringify(report)}\n` : formatReport(report))
  if (report.checks.some(({ check, status }) => SETTINGS.has(check) && status === 'fail')) return 2
  return report.ok ? 0 : 1
}

/** The checks that look at nothing but settings. */
const SETTINGS: ReadonlySet<DoctorCheck> = new Set(['configuration', 'key', 'address'])

async function examine({ keyFile, options }: CliRequest): Promise<DoctorReport> {
  const key = keyFile === undefined ? undefined : await readKeyFile(keyFile)
  if (key?.isShared) {
    process.stderr.write(
      'gonka: other users of this machine may read the file of --key-file; chmod 600 keeps them out.\n',
    )
  }
  const progress = createProgress()
  try {
    const fromFile = key && { privateKey: key.privateKey, keyOrigin: '--key-file' }
    return await runDoctor({ ...options, ...fromFile, onProgress: progress.show })
  } finally {
    progress.clear()
  }
}

interface Progress {
  show(text: string): void
  clear(): void
}

/** One line on a terminal that each step overwrites; nothing where output goes to a file or a pipe. */
function createProgress(): Progress {
  const { stderr } = process
  if (!stderr.isTTY) return { show: () => {}, clear: () => {} }
  return {
    show: (text) => void stderr.write(`\r\u001b[K${text} …`),
    clear: () => void stderr.write('\r\u001b[K'),
  }
}

async function readVersion(): Promise<string> {
  const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}

function print(text: string): 0 {
  process.stdout.write(text)
  return 0
}
