import { existsSync, writeFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { type Check, type Consumer, createCheck, PARALLEL, type Workshop } from '../check.ts'
import { shorten } from '../judge-run.ts'
import { runCommand } from '../run-command.ts'
import { runParallel } from '../run-parallel.ts'
import { toolCommand } from '../toolbox.ts'
import { type Diagnostic, parseDiagnostics, selectDiagnostics } from './read-diagnostics.ts'

interface Mode {
  readonly name: string
  readonly options: Readonly<Record<string, string>>
  /** Files to compile, below the folder of all projects. */
  readonly include: string
}

const MODES: readonly Mode[] = [
  { name: 'node16', options: { module: 'node16' }, include: '*/*.mts' },
  { name: 'nodenext', options: { module: 'nodenext' }, include: '*/*.mts' },
  { name: 'bundler', options: { module: 'esnext', moduleResolution: 'bundler' }, include: '*/bundler/*.ts' },
  { name: 'node16 cjs', options: { module: 'node16' }, include: '*/*.cts' },
  { name: 'nodenext cjs', options: { module: 'nodenext' }, include: '*/*.cts' },
]

/** The strictest that a consumer may ask for: declarations are checked, and there is nothing but the standard library. */
const OPTIONS = { target: 'es2022', strict: true, noEmit: true, skipLibCheck: false, types: [] }

/** A TypeScript release: programs as ES modules and as CommonJS files, and with a bundler's resolution. All programs of a
 * mode are compiled at once, each against its own project's packages. */
export function createTypescriptConsumer(version: string): Consumer {
  const id = `typescript-${version}`
  return {
    id,
    label: `TS ${version}`,
    check: async (workshop) => {
      const checks = await runParallel(MODES, PARALLEL, (mode) => checkMode(workshop, { id, mode }))
      return checks.flat()
    },
  }
}

async function checkMode(workshop: Workshop, { id, mode }: { id: string; mode: Mode }): Promise<Check[]> {
  const { projectsDir, projects, toolsDir } = workshop
  const config = join(projectsDir, `tsconfig.${id}.${mode.name.replace(' ', '-')}.json`)
  writeFileSync(config, JSON.stringify({ compilerOptions: { ...OPTIONS, ...mode.options }, include: [mode.include] }))
  const tsc = toolCommand(toolsDir, `${id}/bin/tsc`)
  const { status, stdout, stderr } = await runCommand([...tsc, '-p', config, '--pretty', 'false'], { cwd: projectsDir })
  const diagnostics = parseDiagnostics(stdout)
  if (status !== 0 && diagnostics.length === 0) throw new Error(`tsc of ${id} failed: ${stderr || stdout}`)
  return projects.map(({ program, dir }) => {
    const project = dir
      .slice(projectsDir.length + 1)
      .split(sep)
      .join('/')
    const has = (path: string): boolean => existsSync(join(dir, path))
    const reason = describe(selectDiagnostics(diagnostics, { project, file: program.file, has }))
    return createCheck({ consumer: id, mode: mode.name, entry: program.entry }, reason)
  })
}

function describe(diagnostics: readonly Diagnostic[]): string {
  return shorten(diagnostics.map(({ place, message }) => `${place} ${message}`.trim()).join('\n'))
}
