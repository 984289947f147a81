import { writeFileSync } from 'node:fs'
import { devNull } from 'node:os'
import { delimiter, join } from 'node:path'

/** npm settings that say how to reach the network, and nothing about who asks. */
const KEPT_NPM_SETTINGS = new Set([
  'npm_config_cafile',
  'npm_config_globalconfig',
  'npm_config_proxy',
  'npm_config_https_proxy',
])
const CREDENTIAL = /token|secret|passw|auth|credential/i

const COMMITTER = { NAME: 'Release rehearsal', EMAIL: 'rehearsal@localhost' }

/** Copies an environment without what could reach a real registry or a real repository: npm's settings, git's, and
 * whatever is named like a credential. Commits get a name of their own.
 * @param {NodeJS.ProcessEnv} env
 * @returns {NodeJS.ProcessEnv} */
export function cleanEnvironment(env) {
  const clean = Object.fromEntries(Object.entries(env).filter(([name]) => !isDropped(name)))
  for (const [key, value] of Object.entries(COMMITTER)) {
    clean[`GIT_AUTHOR_${key}`] = value
    clean[`GIT_COMMITTER_${key}`] = value
  }
  return { ...clean, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1', NO_COLOR: '1' }
}

function isDropped(name) {
  const lower = name.toLowerCase()
  if (lower.startsWith('npm_')) return !KEPT_NPM_SETTINGS.has(lower)
  return lower.startsWith('git_') || CREDENTIAL.test(name)
}

/** The environment of everything that publishes to, or installs from, the rehearsal's registry. npm reads a
 * configuration file written here and never the user's; git signs nothing and commits under a name of its own.
 * @param {NodeJS.ProcessEnv} env - Where it starts from.
 * @param {object} options
 * @param {string} options.dir - Absolute folder for the npm configuration and cache.
 * @param {string} options.registryUrl - The rehearsal's registry, with a slash at its end.
 * @param {string} options.defaultRegistryUrl - Where names outside `scopes` come from.
 * @param {readonly string[]} options.scopes - `@gonka`, … : these come from, and go to, the rehearsal's registry only.
 * @param {string} [options.binDir] - Put first on the path.
 * @returns {NodeJS.ProcessEnv} */
export function isolateEnvironment(env, { dir, registryUrl, defaultRegistryUrl, scopes, binDir }) {
  const userconfig = join(dir, 'npmrc')
  const lines = [
    `registry=${defaultRegistryUrl}`,
    ...scopes.map((scope) => `${scope}:registry=${registryUrl}`),
    `${registryUrl.replace(/^https?:/, '')}:_authToken=rehearsal`,
  ]
  writeFileSync(userconfig, `${lines.join('\n')}\n`)
  const clean = cleanEnvironment(env)
  return {
    ...clean,
    GIT_CONFIG_GLOBAL: devNull,
    NO_PROXY: [clean.NO_PROXY ?? clean.no_proxy, '127.0.0.1'].filter(Boolean).join(','),
    npm_config_userconfig: userconfig,
    npm_config_cache: join(dir, 'npm-cache'),
    npm_config_registry: defaultRegistryUrl,
    npm_config_update_notifier: 'false',
    PATH: [binDir, clean.PATH].filter(Boolean).join(delimiter),
  }
}
