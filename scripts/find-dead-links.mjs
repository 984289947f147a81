import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { readAnchors, readLinks } from './read-markdown.mjs'

/** Finds links of a Markdown file to files or headings of the repository that do not exist. Web addresses are not asked.
 * @param {string} root - Absolute path of the repository.
 * @param {string} name - The file, below `root`.
 * @returns {string[]} One line per link: `name:line: …`. */
export function findDeadLinks(root, name) {
  const path = join(root, name)
  return readLinks(readFileSync(path, 'utf8'))
    .filter(({ target }) => !/^([a-z][a-z0-9+.-]*:|\/\/)/i.test(target))
    .map(({ target, line }) => ({ line, target, problem: judgeLink(root, path, target) }))
    .filter(({ problem }) => problem !== undefined)
    .map(({ line, target, problem }) => `${name}:${line}: link to ${target}: ${problem}`)
}

function judgeLink(root, from, target) {
  const [pathPart = '', anchor] = target.split('#')
  const path = pathPart === '' ? from : join(dirname(from), decode(pathPart))
  if (relative(root, path).split(sep)[0] === '..') return 'leads out of the repository'
  if (!existsSync(path)) return 'no such file'
  if (!anchor || statSync(path).isDirectory() || !path.endsWith('.md')) return undefined
  return readAnchors(readFileSync(path, 'utf8')).has(decode(anchor)) ? undefined : 'no such heading'
}

function decode(text) {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
