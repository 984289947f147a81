import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PARALLEL, type Project } from './check.ts'
import { type PeerName, type Program, packageOf } from './programs.ts'
import { runCommand, runNpm } from './run-command.ts'
import { runParallel } from './run-parallel.ts'
import { toolCommand } from './toolbox.ts'

/** Releases of the optional peers. */
const PEER_VERSIONS: Readonly<Record<PeerName, string>> = { openai: '6.49.0', '@opentelemetry/api': '1.9.0' }

/** What is needed to make projects. */
export interface ProjectsInput {
  /** Folder that gets one folder per project. */
  readonly folder: string
  readonly programs: readonly Program[]
  /** Tarball by package name, of all published packages. */
  readonly tarballs: ReadonlyMap<string, string>
  /** See `installTools`; esbuild makes CommonJS of the programs. */
  readonly toolsDir: string
}

/** Installs each package alone, and once more for each set of peers that a program needs, so that nothing is found which
 * the package does not bring itself. Then puts the programs in.
 * @throws Error with npm's words. */
export async function installProjects({
  folder,
  programs,
  tarballs,
  toolsDir,
}: ProjectsInput): Promise<readonly Project[]> {
  const projects = programs.map((program) => ({ program, dir: join(folder, projectName(program)) }))
  const byDir = new Map(projects.map(({ program, dir }) => [dir, program]))
  await runParallel([...byDir], PARALLEL, async ([dir, program]) => {
    mkdirSync(dir, { recursive: true })
    writeFileSync(join(dir, 'package.json'), JSON.stringify(createManifest(program, tarballs)))
    await runNpm(['install'], dir)
  })
  for (const project of projects) writeProgram(project)
  await convertToCommonJs(projects, { folder, toolsDir })
  return projects
}

/** Folder of a program's project: one per package and set of peers. */
export function projectName({ entry, peers = [] }: Pick<Program, 'entry' | 'peers'>): string {
  const plain = (name: string): string => name.replace(/[@/]+/g, '-').replace(/^-/, '')
  return [packageOf(entry), ...peers].map(plain).join('--')
}

/** Overrides make the packages find each other as tarballs: the registry has none of them, or older ones. */
export function createManifest(
  { entry, peers = [] }: Pick<Program, 'entry' | 'peers'>,
  tarballs: ReadonlyMap<string, string>,
): { private: true; dependencies: Record<string, string>; overrides: Record<string, string> } {
  const overrides = Object.fromEntries([...tarballs].map(([name, path]) => [name, `file:${path}`]))
  const name = packageOf(entry)
  const spec = overrides[name]
  if (spec === undefined) throw new Error(`There is no tarball of ${name}.`)
  const peerSpecs = Object.fromEntries(peers.map((peer) => [peer, PEER_VERSIONS[peer]]))
  return { private: true, dependencies: { [name]: spec, ...peerSpecs }, overrides }
}

/** The build writes JavaScript beside this module; the TypeScript is in the source folder. */
function writeProgram({ program: { file }, dir }: Project): void {
  const compiled = readFileSync(fileURLToPath(new URL(`./uses/${file}.js`, import.meta.url)), 'utf8')
  const source = readFileSync(fileURLToPath(new URL(`../src/uses/${file}.ts`, import.meta.url)), 'utf8')
  mkdirSync(join(dir, 'bundler'), { recursive: true })
  const files = {
    [`${file}.mjs`]: compiled,
    [`${file}.mts`]: source,
    [`${file}.cts`]: source,
    [join('bundler', `${file}.ts`)]: source,
    [`main-${file}.mjs`]: `import { use } from './${file}.mjs'\nconsole.log(await use(JSON.parse(process.argv[2])))\n`,
    [`main-${file}.cjs`]: `require('./${file}.cjs').use(JSON.parse(process.argv[2])).then(console.log)\n`,
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text)
}

/** Every `import` of a program becomes a `require`; nothing is bundled. */
async function convertToCommonJs(
  projects: readonly Project[],
  { folder, toolsDir }: Pick<ProjectsInput, 'folder' | 'toolsDir'>,
): Promise<void> {
  const esbuild = toolCommand(toolsDir, 'esbuild/bin/esbuild')
  const files = projects.map(({ program, dir }) => join(dir, `${program.file}.mjs`))
  const flags = [
    '--format=cjs',
    '--platform=node',
    `--outbase=${folder}`,
    `--outdir=${folder}`,
    '--out-extension:.js=.cjs',
  ]
  const { status, stderr } = await runCommand([...esbuild, ...files, ...flags, '--log-level=error'], { cwd: folder })
  if (status !== 0) throw new Error(`esbuild could not make CommonJS of the programs:\n${stderr}`)
}
