import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { type Check, type Consumer, createCheck, PARALLEL, type Project, type Workshop } from '../check.ts'
import { judgeRun, shorten } from '../judge-run.ts'
import { runCommand } from '../run-command.ts'
import { runParallel } from '../run-parallel.ts'
import { toolCommand } from '../toolbox.ts'

/** How a consumer bundles with esbuild, and what its checks are called. */
interface BundleSettings {
  readonly consumer: string
  readonly mode: string
  /** What esbuild is told about conditions in `exports`, and where the bundle runs. */
  readonly platform: 'browser' | 'edge'
}

const CONDITIONS = { browser: [], edge: ['--conditions=edge-light,worker'] } as const

/** esbuild for the browser. */
export const ESBUILD_CONSUMER: Consumer = {
  id: 'esbuild',
  label: 'esbuild',
  check: (workshop) => checkEsbuild(workshop, { consumer: 'esbuild', mode: 'browser', platform: 'browser' }),
}

/** Vite for the browser. */
export const VITE_CONSUMER: Consumer = { id: 'vite', label: 'Vite', check: checkVite }

/** Bundles every program with esbuild and runs what comes out. */
export async function checkEsbuild(workshop: Workshop, { consumer, mode, platform }: BundleSettings): Promise<Check[]> {
  return await runParallel(workshop.projects, PARALLEL, async (project) => {
    const { program, dir } = project
    const place = { consumer, mode, entry: program.entry }
    const output = join(dir, consumer, `${program.file}.js`)
    const args = ['--bundle', '--platform=browser', '--format=iife', '--global-name=program', '--log-level=error']
    const esbuild = toolCommand(workshop.toolsDir, 'esbuild/bin/esbuild')
    const command = [...esbuild, `${program.file}.mjs`, ...args, ...CONDITIONS[platform], `--outfile=${output}`]
    const { status, stderr } = await runCommand(command, { cwd: dir })
    if (status !== 0) return createCheck(place, shorten(stderr))
    return createCheck(place, await runBundle(workshop, { project, platform, bundle: output }))
  })
}

async function checkVite(workshop: Workshop): Promise<Check[]> {
  const { projects, toolsDir } = workshop
  const vite = pathToFileURL(join(toolsDir, 'node_modules', 'vite', 'dist', 'node', 'index.js')).href
  const builds = JSON.stringify(projects.map(({ program, dir }) => [dir, program.file]))
  const result = await runCommand([...runner('build-with-vite'), vite, builds], { cwd: toolsDir })
  if (result.status !== 0) throw new Error(`Vite failed: ${result.stderr}`)
  const failures: Record<string, string> = JSON.parse(result.stdout)
  return await runParallel(projects, PARALLEL, async (project) => {
    const { entry, file } = project.program
    const bundle = join(project.dir, 'vite', `${file}.js`)
    const reason = failures[file] ?? (await runBundle(workshop, { project, platform: 'browser', bundle }))
    return createCheck({ consumer: 'vite', mode: 'browser', entry }, shorten(reason))
  })
}

async function runBundle(
  { toolsDir, network }: Workshop,
  { project, platform, bundle }: { project: Project; platform: BundleSettings['platform']; bundle: string },
): Promise<string> {
  const vm = pathToFileURL(join(toolsDir, 'node_modules', '@edge-runtime', 'vm', 'dist', 'index.js')).href
  const command = [...runner('run-in-edge-vm'), platform, vm, bundle, JSON.stringify(network)]
  return judgeRun(await runCommand(command, { cwd: project.dir, timeoutMs: 60_000 }), project.program.answer)
}

function runner(name: string): string[] {
  return [process.execPath, fileURLToPath(new URL(`../runners/${name}.js`, import.meta.url))]
}
