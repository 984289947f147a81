// Fails when the built site has a link to a page or heading that is not there, a page that nothing leads to or that the
// search does not find, or asks another host.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, posix, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ROOT } from '../list-packages.mjs'
import { readOptions } from '../read-options.mjs'

/** Finds what is wrong with a built site.
 * @param {string} folder - Absolute path of the site.
 * @param {string} [base] - Address below which it is served, with slashes at both ends.
 * @returns {{ pageCount: number, problems: string[] }} Problems are `page: …`, sorted. */
export function checkSite(folder, base = '/') {
  const pages = new Map(listFiles(folder, '.html').map((file) => [file, readPage(join(folder, file))]))
  const reached = new Set(['index.html', '404.html'])
  const problems = listFiles(folder, '.css').flatMap((file) =>
    findForeign(file, readFileSync(join(folder, file), 'utf8')),
  )
  for (const [file, { links, html }] of pages) {
    problems.push(...findForeign(file, html))
    for (const link of links) {
      const { target, hash } = resolveLink(file, link, base)
      const page = target === undefined ? undefined : findPage(pages, target)
      if (page !== undefined && page !== file) reached.add(page)
      const problem = judgeLink({ folder, pages }, { target, page, hash })
      if (problem) problems.push(`${file}: link to ${link}: ${problem}`)
    }
  }
  const lonely = [...pages.keys()].filter((file) => !reached.has(file)).map((file) => `${file}: no page leads here`)
  const hidden = findUnsearchable({ folder, pages }, base).map((file) => `${file}: the search does not find it`)
  return { pageCount: pages.size, problems: [...new Set([...problems, ...lonely, ...hidden])].sort() }
}

function listFiles(folder, extension) {
  return readdirSync(folder, { recursive: true })
    .map((name) => String(name).split(sep).join('/'))
    .filter((name) => name.endsWith(extension))
}

function readPage(path) {
  const html = readFileSync(path, 'utf8')
  const links = [...html.matchAll(/<a\b[^>]*?\shref="([^"]*)"/g)].map(([, href]) => decodeEntities(href))
  const ids = new Set([...html.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => decodeEntities(id)))
  return { html, links: links.filter((href) => !/^([a-z][a-z0-9+.-]*:|\/\/)/i.test(href)), ids }
}

/** What a browser would load by itself from elsewhere. */
function findForeign(file, text) {
  const loaded = text.matchAll(
    /<(?:script|img|iframe|source)\b[^>]*?\ssrc="((?:https?:)?\/\/[^"]*)"|url\(["']?((?:https?:)?\/\/[^)"']*)/g,
  )
  const linked = text.matchAll(
    /<link\b(?=[^>]*rel="[^"]*\b(?:stylesheet|preload|modulepreload|preconnect|icon)\b)[^>]*?\shref="((?:https?:)?\/\/[^"]*)"/g,
  )
  return [...loaded, ...linked].map((match) => `${file}: asks another host: ${match[1] ?? match[2]}`)
}

/** `target` is a path below the site; undefined outside of its base. */
function resolveLink(file, link, base) {
  const [path, hash] = link.split('#')
  if (path === '') return { target: file, hash }
  const absolute = path.startsWith('/') ? path : posix.join(base, posix.dirname(file), path)
  return { target: absolute.startsWith(base) ? decodeURI(absolute.slice(base.length).split('?')[0]) : undefined, hash }
}

function findPage(pages, target) {
  return [target, `${target}.html`, posix.join(target, 'index.html')].find((candidate) => pages.has(candidate))
}

function judgeLink({ folder, pages }, { target, page, hash }) {
  if (target === undefined) return 'leads out of the site'
  if (page === undefined) return existsSync(join(folder, target)) ? undefined : 'no such page'
  return hash && !pages.get(page).ids.has(decodeURIComponent(hash)) ? 'no such heading' : undefined
}

/** Not looked for: the home page, which only points to others, and the text of sources. */
function findUnsearchable({ folder, pages }, base) {
  const indexes = listFiles(folder, '.js').filter((file) => file.includes('@localSearchIndex'))
  const found = indexes.map((file) => readFileSync(join(folder, file), 'utf8')).join('')
  const addressOf = (file) => base + file.replace(/(^|\/)index\.html$|\.html$/, '$1')
  return [...pages.keys()]
    .filter((file) => !/^(index|404)\.html$|^source\//.test(file))
    .filter((file) => !found.includes(`:"${addressOf(file)}#`))
}

function decodeEntities(text) {
  return text
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&')
}

const HELP = `Looks for dead links and headings in site/.vitepress/dist, for pages that nothing leads to or that the search does not
find, and for what is asked of other hosts. Build the site first: npm run docs.

  --base <path>  address below which the site is served (default DOCS_BASE, or /)
  --help         this text

Exits with 1 when something is found, with 2 when an option is wrong.
`

function report({ pageCount, problems }) {
  for (const problem of problems) console.error(problem)
  if (problems.length > 0) console.error(`${problems.length} problems on the site.`)
  else console.log(`Site: ${pageCount} pages, every link and anchor leads somewhere, nothing is asked of other hosts.`)
  process.exitCode = problems.length > 0 ? 1 : 0
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { DOCS_BASE = '/' } = process.env
  const options = readOptions(HELP, { base: { type: 'string', default: DOCS_BASE } })
  if (options) report(checkSite(join(ROOT, 'site/.vitepress/dist'), options.base))
}
