import { join } from 'node:path'
import { type Check, type Consumer, createCheck, PARALLEL, type Project, type Workshop } from '../check.ts'
import { judgeRun, shorten } from '../judge-run.ts'
import { packageOf } from '../programs.ts'
import { installNode, listPublished } from '../repository.ts'
import { runCommand } from '../run-command.ts'
import { runParallel } from '../run-parallel.ts'

/** A line of Node: programs as ES modules and as CommonJS, and the commands that packages bring.
 * @param version - `22` or `20.19.0`: the newest release that fits. */
export function createNodeConsumer(version: string): Consumer {
  const id = `node-${version}`
  return { id, label: `Node ${version}`, check: (workshop) => checkNode(workshop, { id, version }) }
}

async function checkNode(workshop: Workshop, { id, version }: { id: string; version: string }): Promise<Check[]> {
  let node: string
  try {
    node = await installNode(version)
  } catch (error) {
    const reason = shorten(error instanceof Error ? error.message : String(error))
    return workshop.projects.map(({ program: { entry } }) => ({
      consumer: id,
      mode: 'esm',
      entry,
      outcome: 'absent',
      reason,
    }))
  }
  const modules = await runPrograms(workshop, { consumer: id, command: [node], extensions: { esm: 'mjs', cjs: 'cjs' } })
  return [...modules, ...(await runBins(workshop.projects, { consumer: id, node }))]
}

/** Runs every program under a runtime, once for each kind of module.
 * @param input.command - The runtime and its flags; file and network are added.
 * @param input.extensions - Extension of the main file, by mode. */
export async function runPrograms(
  { projects, network }: Workshop,
  input: { consumer: string; command: readonly string[]; extensions: Readonly<Record<string, string>> },
): Promise<Check[]> {
  const runs = projects.flatMap((project) => Object.entries(input.extensions).map((kind) => ({ project, kind })))
  return await runParallel(runs, PARALLEL, async ({ project: { program, dir }, kind: [mode, extension] }) => {
    const command = [...input.command, `main-${program.file}.${extension}`, JSON.stringify(network)]
    const result = await runCommand(command, { cwd: dir, timeoutMs: 60_000 })
    const place = { consumer: input.consumer, mode, entry: program.entry }
    return createCheck(place, judgeRun(result, program.answer))
  })
}

/** Asks each command of a package for its help. */
async function runBins(
  projects: readonly Project[],
  { consumer, node }: { consumer: string; node: string },
): Promise<Check[]> {
  const packages = await listPublished()
  const bins = packages.flatMap(({ name, manifest }) => {
    const project = projects.find(({ program }) => program.entry === name)
    return project
      ? Object.entries(manifest.bin ?? {}).map(([bin, path]) => ({ name, bin, path, dir: project.dir }))
      : []
  })
  return await runParallel(bins, PARALLEL, async ({ name, bin, path, dir }) => {
    const { status, stdout, stderr } = await runCommand([node, join(dir, 'node_modules', name, path), '--help'], {
      cwd: dir,
    })
    const works = status === 0 && stdout.trim() !== '' && stderr === ''
    const reason = works ? '' : shorten(`${bin} --help ended with ${status}: ${stderr || stdout}`)
    return createCheck({ consumer, mode: `bin ${bin}`, entry: packageOf(name) }, reason)
  })
}
