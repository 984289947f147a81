import { fileURLToPath } from 'node:url'

/** Absolute path of the repository. */
export const ROOT: string = fileURLToPath(new URL('../..', import.meta.url)).replace(/[/\\]$/, '')

/** A workspace package: absolute folder and parsed package.json. */
export interface WorkspacePackage {
  readonly name: string
  readonly dir: string
  readonly manifest: {
    readonly private?: boolean
    readonly exports: Readonly<Record<string, string>>
    readonly bin?: Readonly<Record<string, string>>
    readonly dependencies?: Readonly<Record<string, string>>
  }
}

/** The packages that are published, sorted by folder. */
export async function listPublished(): Promise<readonly WorkspacePackage[]> {
  const { listPackages } = await importScript<{ listPackages: () => WorkspacePackage[] }>('list-packages.mjs')
  return listPackages().filter(({ manifest }) => manifest.private !== true && manifest.exports)
}

/** What users may import of a package: `@gonka/signer`, `@gonka/signer/openai`. */
export function listEntries({ name, manifest }: WorkspacePackage): string[] {
  return Object.keys(manifest.exports)
    .filter((path) => path !== './package.json')
    .map((path) => `${name}${path.slice(1)}`)
}

/** Installs a Node binary from npm, once.
 * @param version - `22` or `20.19.0`: the newest release that fits.
 * @returns Its absolute path.
 * @throws Error with npm's message when there is none. */
export async function installNode(version: string): Promise<string> {
  type InstallNode = (version: string, options: { cacheDir: string }) => string
  const { installNode } = await importScript<{ installNode: InstallNode }>('install-node.mjs')
  return installNode(version, { cacheDir: `${ROOT}/node_modules/.cache/nodes` })
}

/** The repository's scripts are plain JavaScript, run before anything is built; their types are stated by those who import them. */
async function importScript<T>(name: string): Promise<T> {
  return await import(new URL(`../../scripts/${name}`, import.meta.url).href)
}
