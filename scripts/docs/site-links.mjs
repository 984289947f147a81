import { relative, sep } from 'node:path'
import { toSiteLink } from './site-pages.mjs'

/** Makes a markdown-it plugin that gives the links of the repository's Markdown their addresses on the site.
 * @param {string} root - Absolute path of the repository. */
export function createLinkPlugin(root) {
  return (md) => {
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
