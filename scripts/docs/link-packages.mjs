// Stands in for `npm i` where the packages are not on a registry: links the named ones, with their commands.
import { chmodSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { listPackages, ROOT } from '../list-packages.mjs'

const modules = join(process.cwd(), 'node_modules')
const packages = new Map(listPackages(ROOT, ['packages']).map((pkg) => [pkg.name, pkg]))

for (const name of process.argv.slice(2).filter((argument) => !argument.startsWith('-'))) {
  const { dir, manifest } = packages.get(name) ?? findInstalled(name)
  link(dir, join(modules, name))
  for (const [command, file] of Object.entries(manifest.bin ?? {})) writeCommand(command, join(dir, file))
}

/** What the site's examples may import. */
function findInstalled(name) {
  return { dir: realpathSync(join(ROOT, 'site/node_modules', name)), manifest: {} }
}

function link(target, path) {
  mkdirSync(dirname(path), { recursive: true })
  symlinkSync(target, path)
}

function writeCommand(command, file) {
  const path = join(modules, '.bin', command)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `#!/bin/sh\nexec "${process.execPath}" "${file}" "$@"\n`)
  chmodSync(path, 0o755)
}
