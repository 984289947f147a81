import { fileURLToPath } from 'node:url'
import { readApiPages } from '../api-pages.mjs'
import { createLinkPlugin, NOT_PAGES, ROOT, splitSections, toPage, toSlug } from '../tools.mjs'
import { createSidebar, NAVIGATION } from './navigation.mjs'

/** Pages stand outside of this package: what they are compiled to must find Vue here. */
const resolveFromHere = {
  name: 'resolve-from-here',
  resolveId(id) {
    return /^vue(\/|$)/.test(id) ? this.resolve(id, fileURLToPath(import.meta.url), { skipSelf: true }) : undefined
  },
}

/** What the search finds on the API pages: they are no files, which is all that it reads by itself. */
function splitApiPage(path) {
  const [, folder] = /\/site\/api\/([^/]+)\.md$/.exec(path) ?? []
  return folder === undefined ? undefined : splitSections(readApiPages().get(folder) ?? '')
}

/** Pages for few readers name nearly everything in short rows: they come after those that explain it. Runs in the browser. */
const boostDocument = (address) => (/\/(from-|decisions\/|packages\/fault-server\/)/.test(address) ? 0.3 : 1)
const SEARCH = { searchOptions: { boostDocument }, _splitIntoSections: splitApiPage }

/** The folder below which the site is served, such as `/repository/` on GitHub Pages. */
const { DOCS_BASE: base = '/' } = process.env

// biome-ignore lint/style/noDefaultExport: VitePress reads the default export.
export default {
  title: 'Multiplexer',
  description: 'Spread OpenAI-compatible calls over many upstreams, and let them be the participants of Gonka.',
  lang: 'en',
  base,
  srcDir: '..',
  srcExclude: NOT_PAGES,
  outDir: '.vitepress/dist',
  rewrites: (path) => toPage(path) ?? path,
  cleanUrls: true,
  metaChunk: true,
  head: [['link', { rel: 'icon', type: 'image/svg+xml', href: `${base}logo.svg` }]],
  markdown: {
    anchor: { slugify: toSlug },
    theme: { light: 'github-light', dark: 'github-dark' },
    config: (md) => md.use(createLinkPlugin(ROOT)),
  },
  themeConfig: {
    logo: '/logo.svg',
    nav: NAVIGATION,
    sidebar: createSidebar(ROOT),
    outline: { level: [2, 3] },
    search: { provider: 'local', options: { detailedView: false, miniSearch: SEARCH } },
    externalLinkIcon: true,
    notFound: {
      title: 'No such page',
      quote: 'The search at the top looks through every page; the overview says what is where.',
      link: '/overview',
      linkText: 'Overview',
    },
    footer: { message: 'MIT licensed' },
  },
  vite: {
    publicDir: fileURLToPath(new URL('../public', import.meta.url)),
    build: { chunkSizeWarningLimit: 2_000 },
    plugins: [resolveFromHere],
  },
}
