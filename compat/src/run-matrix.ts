import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Check, Consumer, Workshop } from './check.ts'
import { installProjects } from './install-projects.ts'
import { type Cell, judgeCell } from './judge-cell.ts'
import { measureSizes, type Size } from './measure-sizes.ts'
import { packPackages } from './pack-packages.ts'
import type { Program } from './programs.ts'
import { startNetwork } from './start-network.ts'
import { installTools } from './toolbox.ts'

/** What to measure. */
export interface MatrixInput {
  readonly consumers: readonly Consumer[]
  readonly programs: readonly Program[]
  /** Leave the folder with the projects behind, and say where it is. */
  readonly keep: boolean
  /** Told each step, one line at a time. */
  readonly say: (line: string) => void
}

/** What was measured. */
export interface MatrixResult {
  readonly checks: readonly Check[]
  readonly cells: readonly Cell[]
  readonly sizes: readonly Size[]
}

/** Packs the packages, installs them into fresh projects and uses them in every consumer. The packages must be built.
 * @throws Error when packing or installing fails. */
export async function runMatrix({ consumers, programs, keep, say }: MatrixInput): Promise<MatrixResult> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'compat-')))
  await using running = await startNetwork()
  try {
    const workshop = await timed('pack and install', say, () => openWorkshop(folder, programs))
    const checks: Check[] = []
    for (const consumer of consumers) {
      checks.push(
        ...(await timed(consumer.label, say, () => consumer.check({ ...workshop, network: running.network }))),
      )
    }
    const sizes = await timed('sizes', say, () => measureSizes({ ...workshop, network: running.network }))
    return { checks, cells: toCells(checks), sizes }
  } finally {
    if (keep) say(`the projects are in ${folder}`)
    else rmSync(folder, { recursive: true, force: true })
  }
}

async function openWorkshop(folder: string, programs: readonly Program[]): Promise<Omit<Workshop, 'network'>> {
  const projectsDir = join(folder, 'projects')
  mkdirSync(projectsDir)
  const [tarballs, toolsDir] = await Promise.all([packPackages(join(folder, 'tarballs')), installTools()])
  const projects = await installProjects({ folder: projectsDir, programs, tarballs, toolsDir })
  return { projectsDir, projects, toolsDir }
}

async function timed<T>(name: string, say: MatrixInput['say'], work: () => Promise<T>): Promise<T> {
  const startedMs = performance.now()
  const result = await work()
  const count = Array.isArray(result) ? `${result.length} checks, ` : ''
  say(`${name}: ${count}${((performance.now() - startedMs) / 1000).toFixed(1)} s`)
  return result
}

function toCells(checks: readonly Check[]): Cell[] {
  const groups = new Map<string, Check[]>()
  for (const check of checks) {
    const key = `${check.consumer} ${check.entry}`
    groups.set(key, [...(groups.get(key) ?? []), check])
  }
  return [...groups.values()].flatMap((group) => group.slice(0, 1).map((first) => judgeCell(first, group)))
}
