import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Check, type Consumer, createCheck, type Workshop } from '../check.ts'
import { shorten } from '../judge-run.ts'
import { runCommand } from '../run-command.ts'
import { toolCommand } from '../toolbox.ts'
import { checkEsbuild } from './check-bundle.ts'

/** Vercel's edge runtime: as environment of vitest, and on its own with a bundle made for it. */
export const EDGE_CONSUMER: Consumer = {
  id: 'edge',
  label: 'Edge',
  check: async (workshop) => {
    const bundled = await checkEsbuild(workshop, { consumer: 'edge', mode: 'bundle', platform: 'edge' })
    return [...bundled, ...(await checkVitest(workshop))]
  },
}

interface VitestReport {
  readonly testResults: readonly {
    readonly message: string
    readonly assertionResults: readonly {
      readonly title: string
      readonly status: string
      readonly failureMessages: readonly string[]
    }[]
  }[]
}

/** vitest leaves Node's built-in modules in reach, so programs that need Node are left out: a pass would show nothing. */
async function checkVitest({ projectsDir, projects, toolsDir, network }: Workshop): Promise<Check[]> {
  const portable = projects.filter(({ program }) => !program.nodeOnly)
  for (const { program, dir } of portable) {
    const { entry, file, answer } = program
    const body = `expect(await use(${JSON.stringify(network)})).toBe(${JSON.stringify(answer)})`
    const test = `import { use } from './${file}.mjs'\ntest('${entry}', async () => { ${body} }, 60_000)\n`
    writeFileSync(join(dir, `${file}.edge.mjs`), test)
  }
  const config = join(projectsDir, 'vitest.config.mjs')
  const settings = { globals: true, environment: 'edge-runtime', include: ['*/*.edge.mjs'], maxWorkers: 2 }
  writeFileSync(config, `export default ${JSON.stringify({ test: settings })}\n`)
  const report = join(projectsDir, 'vitest-report.json')
  rmSync(report, { force: true })
  const vitest = toolCommand(toolsDir, 'vitest/vitest.mjs')
  const args = ['run', '--root', projectsDir, '--config', config, '--reporter=json', `--outputFile=${report}`]
  const { stderr } = await runCommand([...vitest, ...args], { cwd: toolsDir })
  const reasons = readReport(readReportFile(report, stderr))
  return portable.map(({ program: { entry } }) =>
    createCheck({ consumer: 'edge', mode: 'vitest', entry }, reasons.get(entry) ?? 'vitest did not run it'),
  )
}

function readReportFile(path: string, stderr: string): VitestReport {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    throw new Error(`vitest wrote no report: ${stderr}`, { cause })
  }
}

/** What went wrong by the name of the test; empty after a pass. Files that failed as a whole have no tests. */
function readReport({ testResults }: VitestReport): ReadonlyMap<string, string> {
  return new Map(
    testResults.flatMap(({ assertionResults }) =>
      assertionResults.map(({ title, status, failureMessages }) => [
        title,
        status === 'passed' ? '' : shorten(`${status}: ${failureMessages.join('\n')}`),
      ]),
    ),
  )
}
