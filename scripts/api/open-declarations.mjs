import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { API } from 'typescript/unstable/sync'

/** Opens what a built package exports with the compiler (see docs/decisions/0005), for as long as `use` runs.
 * @template T
 * @param {import('../list-packages.mjs').WorkspacePackage} pkg - Built, with its dependencies.
 * @param {(opened: { entries: { entry: string, file: string }[], project: any, checker: any }) => T} use - Given the entries
 * of `exports` that are JavaScript, in their order there, with the declarations beside them.
 * @returns {T}
 * @throws {Error} when the compiler cannot open them. */
export function openDeclarations(pkg, use) {
  const entries = listDeclarations(pkg)
  const config = writeConfig(pkg, entries)
  const api = new API({ cwd: pkg.dir })
  try {
    const project = api.updateSnapshot({ openProjects: [config] }).getProject(config)
    if (!project) throw new Error(`${pkg.name}: the compiler cannot open its declarations.`)
    return use({ entries, project, checker: project.checker })
  } finally {
    api.close()
  }
}

/** Symbols that the module of an entry exports.
 * @param {{ project: any, checker: any }} opened
 * @param {{ pkg: { name: string }, file: string }} place
 * @throws {Error} naming a file that is not built. */
export function listExports({ project, checker }, { pkg, file }) {
  const source = project.program.getSourceFile(file)
  if (!source) throw new Error(`${pkg.name}: ${file} does not exist; build the package first.`)
  const module = checker.getSymbolAtLocation(source)
  return module ? checker.getExportsOfModule(module) : []
}

/** `./dist/x.js` has its declarations in `dist/x.d.ts`. */
function listDeclarations({ dir, manifest }) {
  return Object.entries(manifest.exports ?? {})
    .filter(([, target]) => typeof target === 'string' && target.endsWith('.js'))
    .map(([entry, target]) => ({ entry, file: join(dir, target.replace(/\.js$/, '.d.ts')) }))
}

/** The compiler opens projects, not files: this one holds the declarations and nothing else. */
function writeConfig({ dir }, entries) {
  const folder = join(dir, 'node_modules/.cache/api')
  mkdirSync(folder, { recursive: true })
  const path = join(folder, 'tsconfig.json')
  const compilerOptions = {
    target: 'es2022',
    lib: ['es2022', 'dom', 'dom.iterable'],
    module: 'nodenext',
    strict: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    types: [],
  }
  writeFileSync(path, JSON.stringify({ compilerOptions, files: entries.map(({ file }) => file) }))
  return path
}
