import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { checkSite } from './check-site.mjs'

const INDEX = 'assets/chunks/@localSearchIndexroot.x.js'

/** Checks a site of these files, whose search finds `found`: every page when not said otherwise. */
function problemsOf(files, { base = '/', found = Object.keys(files) } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'check-site-'))
  const addresses = found.map((name) => `${base}${name.replace(/(^|\/)index\.html$|\.html$/, '$1')}#part`)
  const site = { ...files, [INDEX]: `const e='${JSON.stringify({ documentIds: { ...addresses } })}'` }
  try {
    for (const [name, text] of Object.entries(site)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true })
      writeFileSync(join(folder, name), text)
    }
    return checkSite(folder, base).problems
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

test('pages without .html, folders, headings, files and other hosts are fine', () => {
  const index =
    '<a href="/a/b">x</a> <a class="y" href="./a/#part">x</a> <a href="logo.svg">x</a> <a href="https://x.example">x</a>'
  const files = {
    'index.html': index,
    'a/b.html': '<a href="#own">x</a><h2 id="own"></h2>',
    'a/index.html': '<h2 id="part">',
    'logo.svg': '',
  }
  assert.deepEqual(problemsOf(files), [])
})

test('a page and a heading that are missing, and a page that nothing leads to, are named', () => {
  const files = {
    'index.html': '<a href="/gone">x</a><a href="/a#gone">x</a>',
    'a.html': '<a href="/lonely#x">',
    'lonely.html': '<a href="/lonely">',
  }
  assert.deepEqual(problemsOf({ ...files, 'a.html': '' }), [
    'index.html: link to /a#gone: no such heading',
    'index.html: link to /gone: no such page',
    'lonely.html: no page leads here',
  ])
})

test('links of a site below another address must stay below it', () => {
  const files = { 'index.html': '<a href="/docs/a">x</a><a href="/a">x</a>', 'a.html': '' }
  assert.deepEqual(problemsOf(files, { base: '/docs/' }), ['index.html: link to /a: leads out of the site'])
})

test('scripts, styles, fonts and images of other hosts are named; links for people are not', () => {
  const files = {
    'index.html':
      '<script src="https://cdn.example/x.js"></script><img alt="" src="//img.example/x.png"><link rel="preload stylesheet" href="https://css.example/x.css"><link rel="canonical" href="https://me.example">',
    'x.css': '@font-face { src: url("https://fonts.example/x.woff2") }',
  }
  assert.deepEqual(problemsOf(files), [
    'index.html: asks another host: //img.example/x.png',
    'index.html: asks another host: https://cdn.example/x.js',
    'index.html: asks another host: https://css.example/x.css',
    'x.css: asks another host: https://fonts.example/x.woff2',
  ])
})

test('a page that the search does not find is named, unless it only shows a source', () => {
  const files = {
    'index.html': '<a href="/a/">x</a><a href="/b">x</a><a href="/source/c">x</a>',
    'a/index.html': '',
    'b.html': '',
    'source/c.html': '',
  }
  assert.deepEqual(problemsOf(files, { found: ['a/index.html'] }), ['b.html: the search does not find it'])
})
