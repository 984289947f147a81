import { checkBounds } from './check-bounds.ts'
import { parseOptions, type SoakOptions, USAGE } from './options.ts'
import { formatProgress, formatResult } from './report.ts'
import { runSoak } from './run-soak.ts'

process.exitCode = await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<number> {
  let options: SoakOptions
  try {
    options = parseOptions(args)
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${USAGE}`)
    return 2
  }
  if (options.help) {
    console.log(USAGE)
    return 0
  }
  return await soak(options)
}

/** Progress goes to standard error, the result to standard output. */
async function soak(options: SoakOptions): Promise<number> {
  const startedMs = performance.now()
  console.error(`seed ${options.seed}`)
  const result = await runSoak(options, (progress) => {
    console.error(formatProgress(progress, (performance.now() - startedMs) / 1_000))
  })
  const checks = checkBounds(result)
  console.log(options.json ? JSON.stringify({ ...result, checks }, null, 2) : `\n${formatResult(result)}`)
  return checks.every(({ holds }) => holds) ? 0 : 1
}
