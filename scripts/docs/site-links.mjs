import { readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { toSiteLink } from './site-pages.mjs'

/** Makes a markdown-it plugin that gives the links of the repository's Markdown their addresses on the site, and each package's
 * page a link to its API.
 * @param {string} root - Absolute path of the repository. */
export function createLinkPlugin(root) {
  return (md) => {
    md.core.ruler.before('normalize', 'api-link', (state) => {
      const [, name] = /^packages\/([^/]+)\/index\.md$/.exec(state.env.relativePath ?? '') ?? []
      if (name && !isPrivate(root, name))
        state.src += `\n\n## API\n\n[Every export](/api/${name}), from the doc comments.\n`
    })
    md.core.ruler.push('site-links', ({ tokens, env }) => {
      const from = relative(root, env.realPath ?? env.path)
        .split(sep)
        .join('/')
      for (const token of tokens.flatMap(({ children }) => children ?? [])) {
        const href = token.type === 'link_open' ? token.attrGet('href') : null
        if (href !== null) token.attrSet('href', toSiteLink({ root, from, href }))
      }
    })
  }
}

function isPrivate(root, name) {
  return JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8')).private === true
}
