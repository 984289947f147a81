import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { PARALLEL } from './check.ts'
import { listPublished, ROOT, type WorkspacePackage } from './repository.ts'
import { runCommand } from './run-command.ts'
import { runParallel } from './run-parallel.ts'

/** Packs every published package as a release would.
 * @param folder - Where the tarballs go.
 * @returns Absolute path of the tarball, by the package's name.
 * @throws Error with pnpm's words. */
export async function packPackages(folder: string): Promise<ReadonlyMap<string, string>> {
  mkdirSync(folder, { recursive: true })
  const packages = await listPublished()
  const packed = await runParallel(packages, PARALLEL, (pkg) => packPackage(pkg, folder))
  return new Map(packed)
}

async function packPackage({ name, dir }: WorkspacePackage, folder: string): Promise<[string, string]> {
  const pnpm = join(ROOT, 'node_modules', 'pnpm', 'bin', 'pnpm.cjs')
  const args = ['pack', '--json', '--pack-destination', folder]
  const { status, stdout, stderr } = await runCommand([process.execPath, pnpm, ...args], { cwd: dir })
  if (status !== 0) throw new Error(`pnpm pack failed for ${name}:\n${stderr || stdout}`)
  const { filename } = JSON.parse(stdout.slice(stdout.indexOf('{')))
  return [name, filename]
}
