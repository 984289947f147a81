// Node binaries come from the packages behind npm's `node`: nothing but the registry is needed, and no install script runs.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'

/** Installs a Node binary into a folder of its own, once.
 * @param {string} version - `22`, `20.19` or `20.19.0`: the newest release that fits.
 * @param {object} options
 * @param {string} options.cacheDir - Absolute folder that keeps the binaries.
 * @returns {string} Absolute path of the binary.
 * @throws {Error} When npm cannot install it; the message holds npm's own. */
export function installNode(version, { cacheDir }) {
  const folder = join(cacheDir, version)
  const name = packageName(process.platform, process.arch)
  const binary = join(folder, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (existsSync(binary)) return binary
  mkdirSync(folder, { recursive: true })
  const { status, stderr } = spawnSync(
    'npm',
    ['install', `${name}@${version}`, '--prefix', folder, '--no-save', '--ignore-scripts', '--no-audit', '--no-fund'],
    { cwd: folder, encoding: 'utf8', shell: process.platform === 'win32' },
  )
  if (status !== 0 || !existsSync(binary)) throw new Error(`npm could not install ${name}@${version}:\n${stderr}`)
  return binary
}

/** The package that holds the binary of a platform.
 * @param {string} platform - `process.platform`.
 * @param {string} arch - `process.arch`. */
export function packageName(platform, arch) {
  const prefix = platform === 'darwin' && arch === 'arm64' ? 'node-bin' : 'node'
  return `${prefix}-${platform === 'win32' ? 'win' : platform}-${arch}`
}

/** Reads the versions asked for on the command line.
 * @param {readonly string[]} args
 * @param {readonly string[]} defaults - Used when there are none.
 * @returns {readonly string[]} Without repeats.
 * @throws {RangeError} When one is not 1 to 3 numbers joined by dots. */
export function parseVersions(args, defaults) {
  const wrong = args.find((arg) => !/^\d+(\.\d+){0,2}$/.test(arg))
  if (wrong !== undefined) throw new RangeError(`A Node version looks like 22, 20.19 or 20.19.0; got ${wrong}.`)
  return [...new Set(args.length > 0 ? args : defaults)]
}
