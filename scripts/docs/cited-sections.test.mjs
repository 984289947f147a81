// Comments cite sections of the protocol and the proof reference: each must be there.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { listPackages, ROOT } from '../list-packages.mjs'

const CITATION = /(Proof |Protocol )?[Rr]eference, sections? (\d+(?:\.\d+)?(?:(?:, | and | to )\d+\.\d+)*)/g
const PAGES = { Proof: readSections('proof-reference.md'), Protocol: readSections('protocol-reference.md') }

test('every section that a comment cites stands in its reference', () => {
  const citations = listPackages(ROOT, ['packages']).flatMap(({ dir }) => readCitations(join(dir, 'src')))
  assert.ok(citations.length > 40, `${citations.length} citations were found`)
  const missing = citations.filter(({ page, section }) => !PAGES[page].has(section))
  assert.deepEqual(missing, [])
})

function readSections(page) {
  const text = readFileSync(join(ROOT, 'docs', page), 'utf8')
  return new Set([...text.matchAll(/^#{2,3} (\d+(?:\.\d+)?) /gm)].map(([, number]) => number))
}

function readCitations(folder) {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))
  return files.flatMap((file) =>
    [...readFileSync(join(folder, file), 'utf8').matchAll(CITATION)].flatMap(([, page = 'Protocol', sections]) =>
      sections.match(/\d+(\.\d+)?/g).map((section) => ({ file, page: page.trim(), section })),
    ),
  )
}
