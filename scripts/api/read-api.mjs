// Reads what a package exports from its built declarations, with the compiler's own checker (see docs/decisions/0005).
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { isIdentifier } from 'typescript/unstable/ast/is'
import { API, SymbolFlags } from 'typescript/unstable/sync'

/** What users of a package can name. `entries` holds the names that each entry exports; `declarations` the text of each,
 * without comments, and of the package's own types that these speak of without exporting them.
 * @typedef {{ name: string, entries: { entry: string, names: string[] }[], declarations: string[] }} PackageApi */

/** Reads a built package; everything is sorted by name.
 * @param {import('../list-packages.mjs').WorkspacePackage} pkg - Built, with its dependencies.
 * @returns {PackageApi}
 * @throws {Error} naming an entry that is not built. */
export function readApi(pkg) {
  const entries = listDeclarations(pkg)
  const config = writeConfig(pkg, entries)
  const api = new API({ cwd: pkg.dir })
  try {
    const project = api.updateSnapshot({ openProjects: [config] }).getProject(config)
    if (!project) throw new Error(`${pkg.name}: the compiler cannot open its declarations.`)
    const context = { pkg, project, checker: project.checker }
    const found = entries.map(({ entry, file }) => ({ entry, symbols: exportsOf(context, file) }))
    return {
      name: pkg.name,
      entries: found.map(({ entry, symbols }) => ({ entry, names: symbols.map(({ name }) => name) })),
      declarations: describeAll(
        context,
        found.flatMap(({ symbols }) => symbols),
      ),
    }
  } finally {
    api.close()
  }
}

/** Entries whose target is JavaScript, with the declarations beside it: `./dist/x.js` has `dist/x.d.ts`. */
function listDeclarations({ dir, manifest }) {
  return Object.entries(manifest.exports ?? {})
    .filter(([, target]) => typeof target === 'string' && target.endsWith('.js'))
    .map(([entry, target]) => ({ entry, file: join(dir, target.replace(/\.js$/, '.d.ts')) }))
    .sort((a, b) => compare(a.entry, b.entry))
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

function exportsOf({ checker, project, pkg }, file) {
  const source = project.program.getSourceFile(file)
  if (!source) throw new Error(`${pkg.name}: ${file} does not exist; build the package first.`)
  const module = checker.getSymbolAtLocation(source)
  if (!module) return []
  return checker
    .getExportsOfModule(module)
    .map((exported) => ({ name: exported.name, symbol: target(checker, exported) }))
    .sort((a, b) => compare(a.name, b.name))
}

/** Texts of the symbols and of what they reach, each once, sorted by name. */
function describeAll(context, symbols) {
  const names = new Map([...reachedFrom(context, symbols)].map((symbol) => [symbol, symbol.name]))
  for (const { name, symbol } of symbols) names.set(symbol, names.get(symbol) ?? name)
  return [...names]
    .map(([symbol, name]) => ({ name, text: describe(context, name, symbol) }))
    .sort((a, b) => compare(a.name, b.name) || compare(a.text, b.text))
    .map(({ text }) => text)
}

function describe(context, name, symbol) {
  const declarations = declarationsOf(context, symbol)
  const own = declarations.filter((node) => isOwn(context, node))
  if (own.length === 0) return `${name} of ${originOf(declarations[0])}`
  const renamed = name === symbol.name ? '' : `${name} is `
  return own.map((node) => renamed + textOf(node)).join('\n')
}

/** `VariableDeclaration` is `name: type`; everything else says itself what it is. */
function textOf(node) {
  const bare = node.getText().replace(/^[ \t]*\/\*\*[\s\S]*?\*\/[ \t]*\n?/gm, '')
  const text = bare.replace(/^export /, '').replace(/^declare /, '')
  return /^(abstract class|async|class|const|enum|function|interface|let|namespace|type) /.test(text)
    ? text
    : `const ${text}`
}

/** Walks from declaration to declaration within the package. */
function reachedFrom(context, symbols) {
  const known = new Set(symbols.map(({ symbol }) => symbol))
  const open = [...known]
  for (let next = open.pop(); next; next = open.pop()) {
    for (const symbol of symbolsIn(context, next)) {
      if (known.has(symbol)) continue
      known.add(symbol)
      open.push(symbol)
    }
  }
  return known
}

/** Top-level symbols of the package that the declarations of `symbol` name. */
function symbolsIn(context, symbol) {
  const identifiers = declarationsOf(context, symbol)
    .filter((node) => isOwn(context, node))
    .flatMap((node) => identifiersIn(node))
  return context.checker
    .getSymbolAtLocation(identifiers)
    .filter((found) => found !== undefined)
    .map((found) => target(context.checker, found))
    .filter((found) => found !== symbol && declarationsOf(context, found).some((node) => isTopLevel(context, node)))
}

function identifiersIn(node) {
  const found = []
  const visit = (child) => {
    if (isIdentifier(child)) found.push(child)
    child.forEachChild(visit)
  }
  node.forEachChild(visit)
  return found
}

function isTopLevel(context, node) {
  return isOwn(context, node) && node.parent === node.getSourceFile()
}

function declarationsOf({ project }, symbol) {
  return (symbol.declarations ?? []).map((handle) => handle.resolve(project)).filter((node) => node !== undefined)
}

function target(checker, symbol) {
  return symbol.flags & SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
}

function isOwn({ pkg }, node) {
  return node.getSourceFile().fileName.startsWith(`${join(pkg.dir, 'dist').split(sep).join('/')}/`)
}

/** Package that a file belongs to: the last `node_modules` folder, or the workspace by its folder. */
function originOf(node) {
  const file = node?.getSourceFile().fileName ?? ''
  const installed = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)
  return installed?.[1] ?? /.*\/packages\/([^/]+)\//.exec(file)?.[1] ?? 'elsewhere'
}

function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0
}
