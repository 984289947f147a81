import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './repository.ts'
import { runNpm } from './run-command.ts'

/** TypeScript releases that consumers compile with, by the name of their column. */
export const TYPESCRIPT_VERSIONS = { '5.4': '5.4.5', '5.9': '5.9.3', '6.0': '6.0.3', '7.0': '7.0.2' } as const

/** Exact, so that a new release of a tool is a reviewed change. The binaries of Bun and Deno are not on every registry. */
const MANIFEST = {
  private: true,
  dependencies: {
    '@edge-runtime/vm': '5.0.0',
    esbuild: '0.28.2',
    vite: '8.3.8',
    vitest: '4.1.12',
    ...Object.fromEntries(
      Object.entries(TYPESCRIPT_VERSIONS).map(([name, version]) => [`typescript-${name}`, `npm:typescript@${version}`]),
    ),
  },
  optionalDependencies: { bun: '1.4.5', deno: '2.9.6' },
}

/** Installs compilers, bundlers and runtimes, once.
 * @returns The folder whose `node_modules` holds them.
 * @throws Error with npm's words when one that is needed cannot be installed. */
export async function installTools(): Promise<string> {
  const folder = join(ROOT, 'node_modules', '.cache', 'compat-tools')
  const manifest = JSON.stringify(MANIFEST)
  const installed = join(folder, 'installed.json')
  if (existsSync(installed) && readFileSync(installed, 'utf8') === manifest) return folder
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), manifest)
  await runNpm(['install', '--no-save'], folder)
  writeFileSync(installed, manifest)
  return folder
}

/** The command line of a tool that is a script of a package. */
export function toolCommand(toolsDir: string, path: string): string[] {
  return [process.execPath, join(toolsDir, 'node_modules', ...path.split('/'))]
}

/** Finds the binary that one of a scope's platform packages holds.
 * @param scope - `@oven` or `@deno`.
 * @param names - Paths of the binary in such a package.
 * @returns Its absolute path; undefined when npm installed none. */
export function findBinary(toolsDir: string, scope: string, names: readonly string[]): string | undefined {
  const folder = join(toolsDir, 'node_modules', scope)
  if (!existsSync(folder)) return undefined
  const candidates = readdirSync(folder).flatMap((name) => names.map((path) => join(folder, name, path)))
  return candidates.find((path) => existsSync(path))
}
