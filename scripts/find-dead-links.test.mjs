import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { findDeadLinks } from './find-dead-links.mjs'

/** Finds the dead links of `docs/page.md` beside a README with one heading. */
function deadLinksOf(markdown) {
  const root = mkdtempSync(join(tmpdir(), 'dead-links-'))
  try {
    mkdirSync(join(root, 'docs'))
    writeFileSync(join(root, 'README.md'), '# Start here\n')
    writeFileSync(join(root, 'docs', 'page.md'), markdown)
    return findDeadLinks(root, 'docs/page.md')
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

test('links to files, folders and headings that exist are fine; web and mail addresses are not asked', () => {
  const targets = [
    '../README.md',
    '../README.md#start-here',
    '../docs',
    '#own',
    'https://example.com/x',
    'mailto:a@b.c',
  ]
  assert.deepEqual(deadLinksOf(`# Own\n${targets.map((target) => `[x](${target})`).join('\n')}\n`), [])
})

test('a missing file, a missing heading and a way out of the repository are named with line and reason', () => {
  assert.deepEqual(deadLinksOf('[a](gone.md)\n[b](../README.md#gone)\n[c](../../etc)\n[d](#gone)\n'), [
    'docs/page.md:1: link to gone.md: no such file',
    'docs/page.md:2: link to ../README.md#gone: no such heading',
    'docs/page.md:3: link to ../../etc: leads out of the repository',
    'docs/page.md:4: link to #gone: no such heading',
  ])
})
