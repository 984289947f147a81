// Compiles the `ts` blocks of Markdown files as if a user had pasted each into a file of a project that has the package.
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const FOLDER = '.readme-check'
const LANGUAGES = new Set(['ts', 'typescript'])

/** Strict as the repository is, but an example may declare what it does not go on to use. */
const OPTIONS = {
  outDir: 'js',
  moduleDetection: 'force',
  noUnusedLocals: false,
  noUnusedParameters: false,
  isolatedDeclarations: false,
  declaration: false,
  declarationMap: false,
  sourceMap: true,
  rootDir: '.',
}

/** A compiled block: the document and the line where its code begins, the words after its fence, and its JavaScript.
 * @typedef {{ name: string, line: number, info: string[], path: string }} CompiledBlock */

/** Compiles blocks inside a package, which they can import by its own name. Leaves nothing behind.
 * @param {object} input
 * @param {string} input.dir - The package: absolute folder with a `package.json`; its dependencies must be built.
 * @param {string} input.tsconfig - Absolute path of the configuration to extend.
 * @param {{ name: string, blocks: import('./read-markdown.mjs').CodeBlock[] }[]} input.documents
 * @param {(blocks: CompiledBlock[]) => Promise<string[]>} [input.use] - Given the blocks once all have compiled and as long
 * as they are there; returns problems.
 * @returns {Promise<{ blockCount: number, problems: string[] }>} `problems` are `name:line: error TS…`, or those of `use`. */
export async function compileBlocks({ dir, tsconfig, documents, use = async () => [] }) {
  const folder = join(dir, FOLDER)
  const files = documents.flatMap(toFiles)
  if (files.length === 0) return { blockCount: 0, problems: [] }
  const removeFolder = () => rmSync(folder, { recursive: true, force: true })
  process.once('exit', removeFolder)
  try {
    removeFolder()
    mkdirSync(folder, { recursive: true })
    for (const { file, text } of files) writeFileSync(join(folder, file), text)
    const config = { extends: tsconfig, compilerOptions: OPTIONS, include: ['*'] }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
    const problems = runCompiler(folder, files)
    return {
      blockCount: files.length,
      problems: problems.length > 0 ? problems : await use(files.map(toBlock(folder))),
    }
  } finally {
    removeFolder()
    process.removeListener('exit', removeFolder)
  }
}

function toBlock(folder) {
  return ({ name, line, info, file }) => ({ name, line, info, path: join(folder, 'js', file.replace(/ts$/, 'js')) })
}

/** Blank lines above the code give the compiler's messages the line numbers of the document. */
function toFiles({ name, blocks }, document) {
  return blocks
    .filter(({ language }) => LANGUAGES.has(language))
    .map(({ line, info, code }) => ({
      name,
      line,
      info,
      file: `${document}-${line}.ts`,
      text: `${'\n'.repeat(line - 1)}${code}\n`,
    }))
}

function runCompiler(folder, files) {
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc')
  const { status, stdout, stderr, error } = spawnSync(
    process.execPath,
    [tsc, '-p', join(folder, 'tsconfig.json'), '--pretty', 'false'],
    { cwd: folder, encoding: 'utf8' },
  )
  if (status === 0) return []
  const lines = `${stdout ?? ''}${stderr ?? ''}${error ? String(error) : ''}`.split('\n').filter((line) => line.trim())
  return lines.length > 0 ? lines.map((line) => toDocumentPlace(line, files)) : [`tsc ended with status ${status}`]
}

function toDocumentPlace(message, files) {
  const place = /^(\S+?)\((\d+),\d+\): (.*)$/.exec(message)
  const file = place && files.find((candidate) => candidate.file === place[1])
  return file ? `${file.name}:${place[2]}: ${place[3]}` : message
}
