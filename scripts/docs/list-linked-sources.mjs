import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'
import { readLinks } from '../read-markdown.mjs'
import { listMarkdown } from './list-markdown.mjs'
import { toPage, toRepositoryPath, toSiteLink } from './site-pages.mjs'

/** Files and folders that pages link to and that are no pages themselves: the site shows their text.
 * @param {string} root - Absolute path of the repository.
 * @returns {{ path: string, markdown: string }[]} Sorted; `markdown` shows the file, or lists the folder. */
export function listLinkedSources(root) {
  const pages = listMarkdown(root).filter((path) => toPage(path) !== undefined)
  const links = pages.flatMap((from) =>
    readLinks(readFileSync(join(root, from), 'utf8'))
      // Images are shown where they stand.
      .filter(
        ({ target }) =>
          !/\.(png|jpe?g|svg|gif|webp)$/i.test(target) &&
          toSiteLink({ root, from, href: target }).startsWith('/source/'),
      )
      .map(({ target }) => toRepositoryPath(from, target)),
  )
  return [...new Set(links)]
    .filter((path) => existsSync(join(root, path)))
    .sort()
    .map((path) => ({ path, markdown: describe(root, path) }))
}

function describe(root, path) {
  const full = join(root, path)
  if (statSync(full).isDirectory()) {
    const names = readdirSync(full).filter(
      (name) => !name.startsWith('.') && name !== 'node_modules' && name !== 'dist',
    )
    return `# ${path}\n\n${names.map((name) => `- \`${name}\``).join('\n')}\n`
  }
  const language = LANGUAGES[extname(path)] ?? 'txt'
  return `# ${path}\n\n\`\`\`\`\`${language}\n${readFileSync(full, 'utf8').trimEnd()}\n\`\`\`\`\`\n`
}

const LANGUAGES = { '.ts': 'ts', '.mjs': 'js', '.json': 'json', '.yml': 'yaml', '.yaml': 'yaml' }
