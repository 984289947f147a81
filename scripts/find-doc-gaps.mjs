// Walks what a package exports with the compiler's own checker, so that re-exports, inherited comments and renames count
// as a reader's editor would show them. The API is marked unstable; package.json pins the compiler that it was written for.
import { existsSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { SyntaxKind } from 'typescript/unstable/ast'
import { API, SymbolFlags } from 'typescript/unstable/sync'

/** A symbol that a user can import and that no comment explains, or an entry that cannot be read.
 * @typedef {{ file: string, line: number, symbol: string }} DocGap */

const HIDDEN = new Set([SyntaxKind.PrivateKeyword, SyntaxKind.ProtectedKeyword])

/** Finds exported declarations, public class members and interface members without a doc comment.
 * @param {import('./list-packages.mjs').WorkspacePackage} pkg - Its dependencies must be built.
 * @returns {DocGap[]} In file and line order. */
export function findDocGaps(pkg) {
  const api = new API({ cwd: pkg.dir })
  try {
    const config = join(pkg.dir, 'tsconfig.json')
    const project = api.updateSnapshot({ openProjects: [config] }).getProject(config)
    if (!project) return [{ file: 'tsconfig.json', line: 1, symbol: '(cannot be opened)' }]
    const gaps = listEntries(pkg).flatMap((entry) => checkEntry({ pkg, project, checker: project.checker }, entry))
    return dropRepeats(gaps)
  } finally {
    api.close()
  }
}

/** Source files behind the `exports` of a package: `./dist/x.js` is built from `src/x.ts`.
 * @param {import('./list-packages.mjs').WorkspacePackage} pkg
 * @returns {string[]} Paths below the package. */
export function listEntries({ manifest }) {
  return Object.values(manifest.exports ?? {})
    .filter((target) => typeof target === 'string' && target.startsWith('./dist/') && target.endsWith('.js'))
    .map((target) => target.replace(/^\.\/dist\/(.*)\.js$/, 'src/$1.ts'))
}

function checkEntry(context, entry) {
  const path = join(context.pkg.dir, entry)
  if (!existsSync(path)) return [{ file: entry, line: 1, symbol: '(entry does not exist)' }]
  const module = context.checker.getSymbolAtLocation(context.project.program.getSourceFile(path))
  if (!module) return []
  return context.checker.getExportsOfModule(module).flatMap((symbol) => checkExport(context, entry, symbol))
}

function checkExport(context, entry, exported) {
  const { checker, project } = context
  const symbol = exported.flags & SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported
  if (checker.isUnknownSymbol(symbol)) {
    return [{ file: entry, line: 1, symbol: `${exported.name} (cannot be resolved; build its package first)` }]
  }
  const declarations = resolveDeclarations(project, symbol).filter((node) => isOwn(context, node))
  const [first] = declarations
  if (!first) return []
  const doc = checker.getDocumentationCommentOfSymbol(symbol)
  const own = doc.trim() === '' ? [toGap(context, first, exported.name)] : []
  const members = declarations.flatMap(membersOf).filter((member) => needsDoc(context, member, doc))
  return [...own, ...members.map((member) => toGap(context, member, `${exported.name}.${member.name.getText()}`))]
}

/** Members that a user sees; those of unions and of constants are left to the comment above the whole. */
function membersOf(declaration) {
  if (declaration.kind === SyntaxKind.ClassDeclaration || declaration.kind === SyntaxKind.InterfaceDeclaration) {
    return [...declaration.members].filter(isNamedMember)
  }
  return declaration.kind === SyntaxKind.TypeAliasDeclaration ? literalMembers(declaration.type) : []
}

function literalMembers(type) {
  if (type.kind === SyntaxKind.IntersectionType) return [...type.types].flatMap(literalMembers)
  return type.kind === SyntaxKind.TypeLiteral ? [...type.members].filter(isNamedMember) : []
}

function isNamedMember(member) {
  if (!member.name || member.name.kind === SyntaxKind.PrivateIdentifier) return false
  return ![...(member.modifiers ?? [])].some(({ kind }) => HIDDEN.has(kind))
}

/** An override is explained where it was introduced; a short member may be explained by name in its type's comment. */
function needsDoc({ checker }, member, typeDoc) {
  if ([...(member.modifiers ?? [])].some(({ kind }) => kind === SyntaxKind.OverrideKeyword)) return false
  if (typeDoc.includes(`\`${member.name.getText()}\``)) return false
  const symbol = checker.getSymbolAtLocation(member.name)
  return !symbol || ![symbol, ...inheritedSymbols(checker, member, symbol.name)].some((one) => hasDoc(checker, one))
}

/** The same member in what the class or interface extends and implements, as editors inherit comments. */
function inheritedSymbols(checker, member, name) {
  return [...(member.parent.heritageClauses ?? [])]
    .flatMap((clause) => [...clause.types])
    .map((node) => checker.getTypeAtLocation(node))
    .map((type) => type && checker.getPropertyOfType(type, name))
    .filter((symbol) => symbol !== undefined)
}

function hasDoc(checker, symbol) {
  return (
    checker.getDocumentationCommentOfSymbol(symbol).trim() !== '' || checker.getJsDocTagsOfSymbol(symbol).length > 0
  )
}

function resolveDeclarations(project, symbol) {
  return symbol.declarations.map((handle) => handle.resolve(project)).filter((node) => node !== undefined)
}

/** A symbol of another package is judged where it is declared. */
function isOwn({ pkg }, node) {
  return node.getSourceFile().fileName.startsWith(`${join(pkg.dir, 'src').split(sep).join('/')}/`)
}

function toGap({ pkg }, node, symbol) {
  const file = node.getSourceFile()
  const { line } = file.getLineAndCharacterOfPosition(node.getStart())
  return { file: relative(pkg.dir, file.fileName).split(sep).join('/'), line: line + 1, symbol }
}

function dropRepeats(gaps) {
  const byPlace = new Map(gaps.map((gap) => [`${gap.file}:${gap.line} ${gap.symbol}`, gap]))
  return [...byPlace.values()].sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line)
}
