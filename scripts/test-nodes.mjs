// Runs the tests and the demo under every Node line that the packages promise to work on.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { installNode, parseVersions } from './install-node.mjs'
import { ROOT } from './list-packages.mjs'
import { formatTable, runStep } from './run-step.mjs'

/** The floor of `engines`, then the long-term lines above it. */
const DEFAULT_VERSIONS = ['20.19.0', '22', '24']

const USAGE = `Usage: node scripts/test-nodes.mjs [version…]

Builds the workspace, then runs the test suite and the demo under each Node version
(default: ${DEFAULT_VERSIONS.join(' ')}). Binaries come from npm and are kept in node_modules/.cache/nodes.
Exits with 1 when any step fails.`

const STEPS = [
  { step: 'tests', args: ['node_modules/vitest/vitest.mjs', 'run'] },
  { step: 'demo', args: ['apps/quickstart/dist/main.js', '--json'] },
]

process.exitCode = await main(process.argv.slice(2))

async function main(args) {
  if (args.includes('--help')) {
    console.log(USAGE)
    return 0
  }
  let versions
  try {
    versions = parseVersions(args, DEFAULT_VERSIONS)
  } catch (error) {
    console.error(`${error.message}\n\n${USAGE}`)
    return 2
  }
  if (!build()) return 1
  const results = []
  for (const version of versions) results.push(...(await testVersion(version)))
  console.log(formatTable(results))
  return results.every(({ result }) => result === 'pass') ? 0 : 1
}

function build() {
  const turbo = join(ROOT, 'node_modules', 'turbo', 'bin', 'turbo')
  const args = [turbo, 'run', 'build', '--output-logs=errors-only']
  return spawnSync(process.execPath, args, { cwd: ROOT, stdio: 'inherit' }).status === 0
}

async function testVersion(version) {
  const cacheDir = join(ROOT, 'node_modules', '.cache', 'nodes')
  let node
  try {
    node = installNode(version, { cacheDir })
  } catch (error) {
    console.error(error.message)
    return [{ version, step: 'install', result: 'fail', seconds: 0, output: error.message }]
  }
  const results = []
  for (const { step, args } of STEPS) {
    console.log(`Node ${version}: ${step} …`)
    const result = await runStep({ version, step, node, args, cwd: ROOT })
    if (result.result === 'fail') console.error(result.output)
    results.push(result)
  }
  return results
}
