// Reads as much of a workflow as its tests need; the files are written in block style with two blanks a level.

/** One job of a workflow.
 * @typedef {{ name: string, text: string, permissions: Record<string, string>, runs: string[], uses: string[] }} Job */

/** @param {string} text - A workflow file.
 * @returns {{ head: string, jobs: Job[] }} `head` is what stands above the jobs. */
export function readWorkflow(text) {
  const lines = text.split('\n').filter((line) => line.trim() && !/^\s*#/.test(line))
  const start = lines.indexOf('jobs:')
  const jobs = []
  for (const line of lines.slice(start + 1)) {
    const name = /^ {2}([\w-]+):$/.exec(line)?.[1]
    if (name) jobs.push({ name, lines: [] })
    else jobs.at(-1)?.lines.push(line)
  }
  return { head: lines.slice(0, start).join('\n'), jobs: jobs.map(toJob) }
}

function toJob({ name, lines }) {
  const text = lines.join('\n')
  const block = /^ {4}permissions:\n((?: {6}.*\n?)*)/m.exec(text)?.[1] ?? ''
  return {
    name,
    text,
    permissions: Object.fromEntries(
      [...block.matchAll(/^ {6}([\w-]+): (\w+)$/gm)].map(([, key, value]) => [key, value]),
    ),
    runs: [...text.matchAll(/^\s+-? ?run: (.+)$/gm)].map(([, command]) => command),
    uses: [...text.matchAll(/^\s+-? ?uses: (.+)$/gm)].map(([, action]) => action),
  }
}
