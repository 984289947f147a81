// Where the files of the repository stand on the site. The same Markdown is read on both; only addresses differ.
import { existsSync, statSync } from 'node:fs'
import { join, posix } from 'node:path'

/** First rule that fits gives the page; paths are below the repository, `/` between folders. */
const RULES = [
  [/^README\.md$/, 'overview.md'],
  [/^(ARCHITECTURE|SECURITY|CONTRIBUTING)\.md$/, (_, name) => `${name.toLowerCase()}.md`],
  [/^site\/(.+\.md)$/, '$1'],
  [/^docs\/(.+\.md)$/, '$1'],
  [/^apps\/([^/]+)\/README\.md$/, 'examples/$1.md'],
  [/^(packages\/.+\.md)$/, '$1'],
]

/** Globs of Markdown files that are no page. */
export const NOT_PAGES = ['**/CHANGELOG.md', '**/.*/**', 'guides/**', 'compat/**', 'bench/**', 'scripts/**', 'api/**']

/** Page of a Markdown file on the site.
 * @param {string} path - Below the repository.
 * @returns {string | undefined} Below the site, ending with `.md`; undefined when the file is no page. */
export function toPage(path) {
  const rule = RULES.find(([pattern]) => pattern.test(path))
  return rule && path.replace(...rule).replace(/(^|\/)README\.md$/, '$1index.md')
}

/** Address on the site that a link of a page leads to.
 * @param {object} input
 * @param {string} input.root - Absolute path of the repository.
 * @param {string} input.from - File that has the link, below the repository.
 * @param {string} input.href - As written there.
 * @returns {string} Absolute on the site for files of the repository; others as they came. */
export function toSiteLink({ root, from, href }) {
  const path = toRepositoryPath(from, href)
  if (path === undefined) return href
  const hash = href.includes('#') ? href.slice(href.indexOf('#')) : ''
  const page = findPage(root, path)
  return page ? `/${page.replace(/(^|\/)index\.md$/, '$1')}${hash}` : `/source/${path}.md`
}

/** File or folder of the repository that a link leads to.
 * @returns {string | undefined} Below the repository; undefined for addresses, anchors and absolute paths. */
export function toRepositoryPath(from, href) {
  if (/^([a-z][a-z0-9+.-]*:|\/|#)/i.test(href)) return undefined
  return posix.normalize(posix.join(posix.dirname(from), decodeURI(href.split('#')[0]))).replace(/\/$/, '')
}

function findPage(root, path) {
  if (path.endsWith('.md')) return toPage(path)
  const readme = posix.join(path, 'README.md')
  return isFolder(join(root, path)) && existsSync(join(root, readme)) ? toPage(readme) : undefined
}

function isFolder(path) {
  return existsSync(path) && statSync(path).isDirectory()
}
