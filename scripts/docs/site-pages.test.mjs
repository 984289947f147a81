import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { test } from 'node:test'
import { listPackages, ROOT } from '../list-packages.mjs'
import { listMarkdown } from './list-markdown.mjs'
import { NOT_PAGES, toPage, toSiteLink } from './site-pages.mjs'

test('each kind of Markdown file has its place, and READMEs are the index of theirs', () => {
  const places = {
    'README.md': 'overview.md',
    'SECURITY.md': 'security.md',
    'site/index.md': 'index.md',
    'docs/from-python.md': 'from-python.md',
    'docs/decisions/README.md': 'decisions/index.md',
    'packages/core/README.md': 'packages/core/index.md',
    'apps/quickstart/README.md': 'examples/quickstart.md',
    'bench/README.md': undefined,
  }
  assert.deepEqual(Object.fromEntries(Object.keys(places).map((path) => [path, toPage(path)])), places)
})

test('no two files have one place, and every file of the documentation has one', () => {
  const pages = listMarkdown(ROOT)
    .map(toPage)
    .filter((page) => page !== undefined)
  assert.equal(new Set(pages).size, pages.length)
  const left = listMarkdown(ROOT).filter((path) => toPage(path) === undefined)
  assert.deepEqual(
    left.filter((path) => !NOT_PAGES.some((glob) => path.startsWith(glob.replace(/\*+.*/, '') || '-'))),
    [],
  )
})

test('links become addresses of the site, whatever their form', () => {
  const link = (from, href) => toSiteLink({ root: ROOT, from, href })
  assert.equal(link('README.md', 'packages/core'), '/packages/core/')
  assert.equal(link('docs/from-python.md', '../packages/gonka/README.md#proofs'), '/packages/gonka/#proofs')
  assert.equal(link('packages/core/README.md', '../../docs/fault-catalogue.md'), '/fault-catalogue.md')
  assert.equal(link('README.md', 'ARCHITECTURE.md'), '/architecture.md')
  assert.equal(link('ARCHITECTURE.md', 'docs/decisions'), '/decisions/')
  assert.equal(link('ARCHITECTURE.md', 'turbo.json'), '/source/turbo.json.md')
  assert.equal(link('ARCHITECTURE.md', 'packages/core/src/errors.ts'), '/source/packages/core/src/errors.ts.md')
  for (const href of ['https://gonka.ai', 'mailto:a@b.example', '#own', '/api/core'])
    assert.equal(link('README.md', href), href)
})

test('the list of decisions has every one with its title', () => {
  const folder = join(ROOT, 'docs/decisions')
  const list = readFileSync(join(folder, 'README.md'), 'utf8')
  for (const name of readdirSync(folder).filter((file) => /^\d/.test(file))) {
    const [, number, title] = /^# (\d+) (.+)$/m.exec(readFileSync(join(folder, name), 'utf8')) ?? []
    assert.ok(
      list.includes(`| [${number}](${name}) | ${title} |`),
      `docs/decisions/README.md lacks ${name}: ${number} ${title}`,
    )
  }
})

test('every published package stands in the overview', () => {
  const overview = readFileSync(join(ROOT, 'README.md'), 'utf8')
  for (const { name, dir, manifest } of listPackages(ROOT, ['packages'])) {
    if (manifest.private !== true) assert.ok(overview.includes(`[\`${name}\`](packages/${basename(dir)})`), name)
  }
})
