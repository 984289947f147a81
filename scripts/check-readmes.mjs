// Fails when a `ts` block of the documentation does not compile, one marked `runnable` does not run, or a relative link
// points nowhere.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compileBlocks } from './compile-blocks.mjs'
import { listMarkdown } from './docs/list-markdown.mjs'
import { runBlocks } from './docs/run-blocks.mjs'
import { findDeadLinks } from './find-dead-links.mjs'
import { listPackages, ROOT } from './list-packages.mjs'
import { readCodeBlocks } from './read-markdown.mjs'

const groups = groupByContext(listMarkdown(ROOT))
const problems = []
let blockCount = 0
let runCount = 0
for (const [dir, names] of groups) {
  const documents = names.map((name) => ({ name, blocks: readCodeBlocks(readFileSync(join(ROOT, name), 'utf8')) }))
  const result = await compileBlocks({ dir, tsconfig: join(ROOT, 'tsconfig.base.json'), documents, use: runMarked })
  blockCount += result.blockCount
  problems.push(...result.problems, ...names.flatMap((name) => findDeadLinks(ROOT, name)))
}
for (const problem of problems) console.error(problem)
if (problems.length > 0) console.error(`${problems.length} problems in Markdown files.`)
else
  console.log(
    `Documentation: ${blockCount} code blocks compile, ${runCount} of them run, and every relative link leads somewhere.`,
  )
process.exitCode = problems.length > 0 ? 1 : 0

function runMarked(blocks) {
  const marked = blocks.filter(({ info }) => info.includes('runnable'))
  runCount += marked.length
  return runBlocks(marked)
}

/** Markdown files by the workspace whose dependencies their code blocks may import: the one that they are in; `guides` for
 * the guides; `site`, which depends on every package, for all others. */
function groupByContext(names) {
  const workspaces = listPackages().map(({ dir }) => dir)
  const contextOf = (name) => {
    const path = join(ROOT, name)
    if (name.startsWith('docs/guides/')) return join(ROOT, 'guides')
    return workspaces.find((dir) => path.startsWith(join(dir, '/'))) ?? join(ROOT, 'site')
  }
  const groups = new Map()
  for (const name of names) groups.set(contextOf(name), [...(groups.get(contextOf(name)) ?? []), name])
  return groups
}
