// Reads what a package exports from its built declarations, with the compiler's own checker (see docs/decisions/0005).
import { join, sep } from 'node:path'
import { isIdentifier } from 'typescript/unstable/ast/is'
import { SymbolFlags } from 'typescript/unstable/sync'
import { listExports, openDeclarations } from './open-declarations.mjs'

/** What users of a package can name. `entries` holds the names that each entry exports; `declarations` the text of each,
 * without comments, and of the package's own types that these speak of without exporting them.
 * @typedef {{ name: string, entries: { entry: string, names: string[] }[], declarations: string[] }} PackageApi */

/** Reads a built package; everything is sorted by name.
 * @param {import('../list-packages.mjs').WorkspacePackage} pkg - Built, with its dependencies.
 * @returns {PackageApi}
 * @throws {Error} naming an entry that is not built. */
export function readApi(pkg) {
  return openDeclarations(pkg, ({ entries, project, checker }) => {
    const context = { pkg, project, checker }
    const found = entries
      .map(({ entry, file }) => ({ entry, symbols: exportsOf(context, file) }))
      .sort((a, b) => compare(a.entry, b.entry))
    return {
      name: pkg.name,
      entries: found.map(({ entry, symbols }) => ({ entry, names: symbols.map(({ name }) => name) })),
      declarations: describeAll(
        context,
        found.flatMap(({ symbols }) => symbols),
      ),
    }
  })
}

function exportsOf(context, file) {
  return listExports(context, { pkg: context.pkg, file })
    .map((exported) => ({ name: exported.name, symbol: target(context.checker, exported) }))
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
