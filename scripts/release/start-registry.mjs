// The throw-away registry is verdaccio, installed on first use: nobody who does not rehearse a release has to download it.
import { mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { runCommand } from './run-command.mjs'

/** The newest that runs on Node 20. */
const VERDACCIO_VERSION = '6.8.0'

/** verdaccio asks for `node-fetch@cjs`, a dist-tag that mirrors of npm do not all carry; this is the version it names. */
const OVERRIDES = { 'node-fetch': '2.7.0' }

/** A registry that answers on 127.0.0.1.
 * @typedef {{ url: string, stop: () => Promise<void> }} Registry `url` ends with a slash. */

/** Installs verdaccio into a folder of its own, once.
 * @param {object} options
 * @param {string} options.cacheDir - Absolute folder that is kept between runs.
 * @param {NodeJS.ProcessEnv} options.env - Which npm configuration to use.
 * @param {AbortSignal} [options.signal]
 * @returns {Promise<string>} The folder it can be required from.
 * @throws {Error} When npm cannot install it. */
export async function installRegistry({ cacheDir, env, signal }) {
  const dir = join(cacheDir, `verdaccio-${VERDACCIO_VERSION}`)
  if (canResolve(dir)) return dir
  mkdirSync(dir, { recursive: true })
  const manifest = { private: true, dependencies: { verdaccio: VERDACCIO_VERSION }, overrides: OVERRIDES }
  writeFileSync(join(dir, 'package.json'), JSON.stringify(manifest))
  await runCommand(['npm', 'install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: dir,
    env,
    signal,
  })
  return dir
}

function canResolve(dir) {
  try {
    // npm writes this file last, so a broken-off install is not taken for a whole one.
    createRequire(join(dir, 'package.json')).resolve('./node_modules/.package-lock.json')
    return true
  } catch {
    return false
  }
}

/** Starts the registry inside this process, so that it cannot outlive it. It has no upstream: what was not published
 * to it is not there.
 * @param {object} options
 * @param {string} options.installDir - What {@link installRegistry} returned.
 * @param {string} options.storageDir - Absolute folder for the published packages.
 * @returns {Promise<Registry>} */
export async function startRegistry({ installDir, storageDir }) {
  mkdirSync(storageDir, { recursive: true })
  const { runServer } = createRequire(join(installDir, 'package.json'))('verdaccio')
  const server = await runServer({
    self_path: storageDir,
    storage: storageDir,
    auth: { htpasswd: { file: join(storageDir, 'htpasswd'), max_users: -1 } },
    uplinks: {},
    packages: { '**': { access: '$all', publish: '$all' } },
    web: { enable: false },
    log: { type: 'stdout', format: 'json', level: 'fatal' },
    max_body_size: '50mb',
  })
  await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
