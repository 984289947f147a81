// Reads what the API pages show from built declarations, with the compiler's own checker (see docs/decisions/0005).
import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, join, sep } from 'node:path'
import { SyntaxKind } from 'typescript/unstable/ast'
import { API, SymbolFlags } from 'typescript/unstable/sync'

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
  const entries = listDeclarations(pkg)
  const config = writeConfig(pkg, entries)
  const api = new API({ cwd: pkg.dir })
  try {
    const project = api.updateSnapshot({ openProjects: [config] }).getProject(config)
    if (!project) throw new Error(`${pkg.name}: the compiler cannot open its declarations.`)
    const context = { pkg, project, checker: project.checker }
    return {
      name: pkg.name,
      entries: entries.map(({ entry, file }) => ({
        specifier: pkg.name + entry.slice(1),
        items: readItems(context, file),
      })),
    }
  } finally {
    api.close()
  }
}

/** `./dist/x.js` has its declarations in `dist/x.d.ts`. */
function listDeclarations({ dir, manifest }) {
  return Object.entries(manifest.exports ?? {})
    .filter(([, target]) => typeof target === 'string' && target.endsWith('.js'))
    .map(([entry, target]) => ({ entry, file: join(dir, target.replace(/\.js$/, '.d.ts')) }))
}

function writeConfig({ dir }, entries) {
  const folder = join(dir, 'node_modules/.cache/reference')
  mkdirSync(folder, { recursive: true })
  const path = join(folder, 'tsconfig.json')
  const compilerOptions = {
    target: 'es2022',
    module: 'nodenext',
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
  }
  writeFileSync(path, JSON.stringify({ compilerOptions, files: entries.map(({ file }) => file) }))
  return path
}

function readItems(context, file) {
  const { checker, project, pkg } = context
  const source = project.program.getSourceFile(file)
  if (!source) throw new Error(`${pkg.name}: ${file} does not exist; build the package first.`)
  const module = checker.getSymbolAtLocation(source)
  return (module ? checker.getExportsOfModule(module) : [])
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
