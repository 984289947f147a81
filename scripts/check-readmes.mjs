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
import { readOptions } from './read-options.mjs'

const HELP = `Compiles the ts blocks of every Markdown file, runs those marked runnable, and follows the relative links. Build the
packages first. Problems are printed as "file:line: …".

  --help  this text

Exits with 1 when a block or a link does not work, with 2 when an option is wrong.
`

if (readOptions(HELP)) await check()

async function check() {
  const problems = []
  let blockCount = 0
  let runCount = 0
  const use = (blocks) => {
    const marked = blocks.filter(({ info }) => info.includes('runnable'))
    runCount += marked.length
    return runBlocks(marked)
  }
  for (const [dir, names] of groupByContext(listMarkdown(ROOT))) {
    const documents = names.map((name) => ({ name, blocks: readCodeBlocks(readFileSync(join(ROOT, name), 'utf8')) }))
    const result = await compileBlocks({ dir, tsconfig: join(ROOT, 'tsconfig.base.json'), documents, use })
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
