import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { listPackages } from '../tools.mjs'

/** Links at the top. */
export const NAVIGATION = [
  { text: 'Start', link: '/getting-started' },
  { text: 'Guides', link: '/guides/' },
  { text: 'Packages', link: '/packages/core/' },
  { text: 'API', link: '/api/core' },
]

/** Packages in the order in which a reader meets them. */
const ORDER = [
  'core',
  'gonka',
  'signer',
  'discovery',
  'ics23-verify',
  'light-client',
  'registrar',
  'refresh',
  'protocol',
  'devnet',
]

/** The one sidebar of all pages.
 * @param {string} root - Absolute path of the repository. */
export function createSidebar(root) {
  const groups = [
    group('Start', [
      ['Overview', '/overview'],
      ['Getting started', '/getting-started'],
      ['What happens when…', '/what-happens-when'],
      ['Trust modes', '/trust-modes'],
      ['Troubleshooting', '/troubleshooting'],
    ]),
    group(
      'Packages',
      packagesOf(root).map(({ name, slug }) => [name, `/packages/${slug}/`]),
    ),
    group('With your SDK', pagesIn(root, 'docs/guides', 'guides')),
    group('Move from', [
      ['The Python module', '/from-python'],
      ['gonka-openai', '/from-gonka-openai'],
      ['@upstash/model-multiplexer', '/from-upstash-model-multiplexer'],
      ['ai-fallback', '/from-ai-fallback'],
    ]),
    group(
      'Examples',
      listPackages(root, ['apps'])
        .filter(hasReadme)
        .map(({ name }) => [name, `/examples/${name}`]),
      true,
    ),
    group(
      'API',
      packagesOf(root).map(({ name, slug }) => [name, `/api/${slug}`]),
      true,
    ),
    group('Behind it', [
      ['Architecture', '/architecture'],
      ['Threat model', '/security'],
      ['Every fault', '/fault-catalogue'],
      ...(existsSync(join(root, 'docs/compatibility.md')) ? [['Compatibility', '/compatibility']] : []),
      ['Protocol reference', '/protocol-reference'],
      ['Proof reference', '/proof-reference'],
      ['Decisions', '/decisions/'],
      ['Contributing', '/contributing'],
      ['Releasing', '/releasing'],
      ['Writing documentation', '/writing-docs'],
    ]),
  ]
  return groups.filter(({ items }) => items.length > 0)
}

function group(text, links, collapsed) {
  const items = links.map(([title, link]) => ({ text: title, link }))
  return { text, items, ...(collapsed === undefined ? {} : { collapsed }) }
}

/** Published packages, with the name of their folder. */
function packagesOf(root) {
  return listPackages(root, ['packages'])
    .filter(({ manifest }) => manifest.private !== true)
    .map(({ name, dir }) => ({ name, slug: dir.slice(dir.lastIndexOf('/') + 1) }))
    .sort((a, b) => ORDER.indexOf(a.slug) - ORDER.indexOf(b.slug))
}

function hasReadme({ dir }) {
  return existsSync(join(dir, 'README.md'))
}

/** Every page of a folder by its first heading, the index first. */
function pagesIn(root, folder, address) {
  if (!existsSync(join(root, folder))) return []
  return readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.md'))
    .sort((a, b) => Number(b === 'README.md') - Number(a === 'README.md') || a.localeCompare(b))
    .map((name) => [titleOf(join(root, folder, name)), `/${address}/${name.replace(/(README)?\.md$/, '')}`])
}

function titleOf(path) {
  return /^# (.+)$/m.exec(readFileSync(path, 'utf8'))?.[1] ?? path
}
