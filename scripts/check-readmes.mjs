// Fails when a `ts` block of the documentation does not compile, or a relative link points nowhere.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { compileBlocks } from './compile-blocks.mjs'
import { findDeadLinks } from './find-dead-links.mjs'
import { listPackages, ROOT } from './list-packages.mjs'
import { readCodeBlocks } from './read-markdown.mjs'

/** The package that depends on nearly everything: blocks of the root's and docs' pages compile inside it. */
const SHARED_CONTEXT = join(ROOT, 'packages', 'gonka')

const groups = groupByPackage()
const problems = []
let blockCount = 0
for (const [dir, names] of groups) {
  const documents = names.map((name) => ({ name, blocks: readCodeBlocks(readFileSync(join(ROOT, name), 'utf8')) }))
  const result = compileBlocks({ dir, tsconfig: join(ROOT, 'tsconfig.base.json'), documents })
  blockCount += result.blockCount
  problems.push(...result.problems, ...names.flatMap((name) => findDeadLinks(ROOT, name)))
}
for (const problem of problems) console.error(problem)
if (problems.length > 0) console.error(`${problems.length} problems in Markdown files.`)
else console.log(`Documentation: ${blockCount} code blocks compile, and every relative link leads somewhere.`)
process.exitCode = problems.length > 0 ? 1 : 0

/** Markdown files below the root, by the package folder whose dependencies their code blocks may import. */
function groupByPackage() {
  const own = listPackages().map(({ dir }) => [dir, [...markdownIn(dir), ...markdownBelow(join(dir, 'docs'))]])
  const shared = [...markdownIn(ROOT), ...markdownBelow(join(ROOT, 'docs'))]
  const groups = new Map(own)
  groups.set(SHARED_CONTEXT, [...(groups.get(SHARED_CONTEXT) ?? []), ...shared])
  return groups
}

function markdownIn(dir) {
  return readdirSync(dir)
    .filter((name) => name.endsWith('.md') && name !== 'CHANGELOG.md')
    .map((name) => toName(join(dir, name)))
}

function markdownBelow(dir) {
  if (!existsSync(dir)) return []
  return readdirSync(dir, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.md') && !name.includes('node_modules'))
    .map((name) => toName(join(dir, name)))
}

function toName(path) {
  return relative(ROOT, path).split(sep).join('/')
}
