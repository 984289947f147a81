// Installs the workspace with the package manager that package.json pins; needs nothing but Node and npm.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

const { packageManager, engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
const root = new URL('..', import.meta.url)

const [oldest, own] = [engines.node, process.version].map((text) => text.match(/\d+/g).map(Number))
if (own[0] < oldest[0] || (own[0] === oldest[0] && own[1] < oldest[1])) {
  console.error(
    `This repository needs Node ${engines.node}; this is ${process.version}. Install a newer one from https://nodejs.org.`,
  )
  process.exit(1)
}

const { status } = spawnSync(
  'npx',
  ['--yes', packageManager, 'install', '--frozen-lockfile', '--reporter=append-only', '--loglevel=error'],
  {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  },
)
process.exit(status ?? 1)
