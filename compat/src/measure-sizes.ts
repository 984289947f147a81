import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { GZIP_BUDGETS, INSTALL_BUDGETS } from './budgets.ts'
import { PARALLEL, type Project, type Workshop } from './check.ts'
import { shorten } from './judge-run.ts'
import { packageOf } from './programs.ts'
import { runCommand } from './run-command.ts'
import { runParallel } from './run-parallel.ts'
import { toolCommand } from './toolbox.ts'

/** One measure beside its budget. */
export interface Size {
  /** An entry, or a package. */
  readonly name: string
  readonly kind: 'gzip' | 'packages' | 'installed'
  /** Bytes; for `packages` a number of packages. */
  readonly measured: number
  /** The most that is allowed; 0 when nobody set a budget. */
  readonly budget: number
  /** Why it cannot be measured, or what is wrong whatever the size; empty when all is well. */
  readonly problem: string
}

/** Entries that may bring nothing but their own package's files. */
const ALONE: ReadonlySet<string> = new Set(['@multiplexer/core/router', '@multiplexer/core/errors'])

/** Measures every entry's bundle and every package's installation. */
export async function measureSizes({ projects, toolsDir }: Workshop): Promise<readonly Size[]> {
  const bundles = await runParallel(projects, PARALLEL, (project) => measureBundle(project, toolsDir))
  const alone = projects.filter(({ program }) => (program.peers ?? []).length === 0)
  const byPackage = new Map(alone.map(({ program, dir }) => [packageOf(program.entry), dir]))
  return [...bundles, ...[...byPackage].flatMap(([name, dir]) => measureInstallation(name, dir))]
}

async function measureBundle({ program, dir }: Project, toolsDir: string): Promise<Size> {
  const { entry, file, nodeOnly } = program
  const [source, output, meta] = [`size-${file}.mjs`, join('size', `${file}.js`), join('size', `${file}.json`)]
  writeFileSync(join(dir, source), `export * from '${entry}'\n`)
  const peers = ['--external:openai', '--external:@opentelemetry/api']
  const args = [
    '--bundle',
    '--minify',
    '--format=esm',
    `--platform=${nodeOnly ? 'node' : 'browser'}`,
    '--log-level=error',
  ]
  const esbuild = toolCommand(toolsDir, 'esbuild/bin/esbuild')
  const command = [...esbuild, source, ...args, ...peers, `--outfile=${output}`, `--metafile=${meta}`]
  const { status, stderr } = await runCommand(command, { cwd: dir })
  const size = { name: entry, kind: 'gzip', budget: GZIP_BUDGETS[entry] ?? 0 } as const
  if (status !== 0) return { ...size, measured: 0, problem: shorten(`esbuild could not bundle it: ${stderr}`) }
  const measured = gzipSync(readFileSync(join(dir, output)), { level: 9 }).length
  const inputs = Object.keys(JSON.parse(readFileSync(join(dir, meta), 'utf8')).inputs)
  return {
    ...size,
    measured,
    problem: ALONE.has(entry) ? findStrangers(inputs, [source, `node_modules/${packageOf(entry)}/`]) : '',
  }
}

/** Names the bundled files that do not begin with one of the paths. */
function findStrangers(inputs: readonly string[], own: readonly string[]): string {
  const strangers = inputs.filter((path) => !own.some((prefix) => path.startsWith(prefix)))
  return strangers.length > 0 ? `bundles what is not its own: ${strangers.join(', ')}` : ''
}

function measureInstallation(name: string, dir: string): Size[] {
  const modules = join(dir, 'node_modules')
  const lock = JSON.parse(readFileSync(join(modules, '.package-lock.json'), 'utf8'))
  const files = readdirSync(modules, { recursive: true, withFileTypes: true }).filter((file) => file.isFile())
  const paths = files
    .map((file) => join(file.parentPath, file.name))
    .filter((path) => !path.endsWith('.package-lock.json'))
  const installedBytes = paths.reduce((sum, path) => sum + statSync(path).size, 0)
  const budget = INSTALL_BUDGETS[name] ?? { packages: 0, installedBytes: 0 }
  const packages = Object.keys(lock.packages).length
  return [
    { name, kind: 'packages', measured: packages, budget: budget.packages, problem: '' },
    { name, kind: 'installed', measured: installedBytes, budget: budget.installedBytes, problem: '' },
  ]
}
