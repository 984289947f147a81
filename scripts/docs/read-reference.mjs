// Reads what the API pages show from built declarations, with the compiler's own checker (see docs/decisions/0005).
import { basename, sep } from 'node:path'
import { SyntaxKind } from 'typescript/unstable/ast'
import { SymbolFlags } from 'typescript/unstable/sync'
import { listExports, openDeclarations } from '../api/open-declarations.mjs'

/** A doc comment. @typedef {{ text: string, tags: { name: string, text: string }[] }} Doc */

/** Something exported. `home` is the folder of the package that declares it, when that is another one; `members` are those
 * of classes, interfaces and object types.
 * @typedef {{ name: string, kind: string, code: string, doc: Doc, home?: string | undefined,
 *   members: { name: string, doc: Doc }[] }} Item */

/** What the API page of a package shows. @typedef {{ name: string, entries: { specifier: string, items: Item[] }[] }} Reference */

/** Reads a built package.
 * @param {import('../list-packages.mjs').WorkspacePackage} pkg - Built, with its dependencies.
 * @returns {Reference} Items in alphabetical order, functions and classes first.
 * @throws {Error} naming an entry that is not built. */
export function readReference(pkg) {
  return openDeclarations(pkg, ({ entries, project, checker }) => ({
    name: pkg.name,
    entries: entries.map(({ entry, file }) => ({
      specifier: pkg.name + entry.slice(1),
      items: readItems({ pkg, project, checker }, file),
    })),
  }))
}

function readItems(context, file) {
  return listExports(context, { pkg: context.pkg, file })
    .map((exported) => readItem(context, exported))
    .filter((item) => item !== undefined)
    .sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name))
}

function rank({ kind }) {
  return ['function', 'class', 'const', 'interface', 'type'].indexOf(kind)
}

function readItem(context, exported) {
  const { checker, project } = context
  const symbol = exported.flags & SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported
  const nodes = symbol.declarations.map((handle) => handle.resolve(project)).filter((node) => node !== undefined)
  const [first] = nodes
  if (!first) return undefined
  return {
    name: exported.name,
    kind: KINDS.get(first.kind) ?? 'const',
    code: nodes.map(toCode).join('\n'),
    doc: withExamples(readDoc(checker, symbol), first),
    home: homeOf(context, first),
    members: nodes.flatMap(membersOf).flatMap((member) => readMember(checker, member)),
  }
}

const KINDS = new Map([
  [SyntaxKind.FunctionDeclaration, 'function'],
  [SyntaxKind.ClassDeclaration, 'class'],
  [SyntaxKind.InterfaceDeclaration, 'interface'],
  [SyntaxKind.TypeAliasDeclaration, 'type'],
])

/** The declaration without comments and without what only the package itself can reach. */
function toCode(node) {
  const bare = node
    .getText()
    .replace(/^[ \t]*\/\*\*[\s\S]*?\*\/[ \t]*\n?/gm, '')
    .replace(/^ +(#private|(private|protected) .*);\n/gm, '')
    .replace(/^(export )?(declare )?/, '')
    .replace(/^( {4})+/gm, (indent) => '  '.repeat(indent.length / 4))
  return node.kind === SyntaxKind.VariableDeclaration ? `const ${bare}` : bare
}

function membersOf(node) {
  if (node.kind === SyntaxKind.ClassDeclaration || node.kind === SyntaxKind.InterfaceDeclaration)
    return [...node.members]
  if (node.kind !== SyntaxKind.TypeAliasDeclaration) return []
  return node.type.kind === SyntaxKind.TypeLiteral ? [...node.type.members] : []
}

/** Nothing for members that are hidden or that no comment explains. */
function readMember(checker, member) {
  const symbol = member.name && checker.getSymbolAtLocation(member.name)
  if (!symbol || [...(member.modifiers ?? [])].some(({ kind }) => HIDDEN.has(kind))) return []
  const doc = readDoc(checker, symbol)
  return doc.text === '' && doc.tags.length === 0 ? [] : [{ name: member.name.getText(), doc }]
}

const HIDDEN = new Set([SyntaxKind.PrivateKeyword, SyntaxKind.ProtectedKeyword])

function readDoc(checker, symbol) {
  const tags = checker.getJsDocTagsOfSymbol(symbol).map(({ name, text }) => ({ name, text: textOf(text).trim() }))
  return { text: checker.getDocumentationCommentOfSymbol(symbol).trim(), tags }
}

/** Examples as they were written: the compiler takes the indent off. */
function withExamples({ text, tags }, node) {
  const statement = node.kind === SyntaxKind.VariableDeclaration ? node.parent.parent : node
  const source = statement.getSourceFile().text
  const comment = /\/\*\*([\s\S]*?)\*\/\s*$/.exec(
    source.slice(statement.pos, source.indexOf(statement.getText(), statement.pos)),
  )
  const lines = (comment?.[1] ?? '').replace(/^[ \t]*\* ?/gm, '')
  const examples = [...lines.matchAll(/@example\s+([\s\S]*?)(?=\s*\n@|\s*$)/g)].map(([, example]) => example)
  return {
    text,
    tags: tags.map((tag) => (tag.name === 'example' ? { ...tag, text: examples.shift() ?? tag.text } : tag)),
  }
}

function textOf(text) {
  return Array.isArray(text) ? text.map((part) => part.text ?? part).join('') : (text ?? '')
}

/** Folder below packages/ that declares a symbol, when that is not the package itself. */
function homeOf({ pkg }, node) {
  const [, folder] = /\/packages\/([^/]+)\/dist\//.exec(node.getSourceFile().fileName.split(sep).join('/')) ?? []
  return folder === basename(pkg.dir) ? undefined : folder
}
