import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { classifyNodeAnswer } from '@gonka/protocol'
import { expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url))
const PAGE = readFileSync(join(ROOT, 'docs', 'troubleshooting.md'), 'utf8')

/** Cells of the rows whose first cell is code, or a status, by section. */
function rowsOf(section: string): string[][] {
  const text = PAGE.split('\n## ').find((part) => part.startsWith(`${section}\n`)) ?? ''
  return text
    .split('\n')
    .filter((line) => /^\| (`|\d)/.test(line))
    .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '')))
}

/** The sources that ship, each as one text: a message that is quoted here stands in one of them. */
function readSources(): string[] {
  const folders = readdirSync(join(ROOT, 'packages')).map((name) => join(ROOT, 'packages', name, 'src'))
  return folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.ts$/.test(name) && !/\.test(-d)?\.ts$|fixtures/.test(name))
      .map((name) => readFileSync(join(folder, name), 'utf8').replaceAll("\\'", "'")),
  )
}

const SOURCES = readSources()

/** The parts of a text that do not change; `gonka1…` is written so in the sources too. A text may be put together in one file from several literals. */
function fixedParts(text: string): string[] {
  return text
    .split(/(?<!gonka1)…/)
    .map((part) => part.trim())
    .filter((part) => /\w{3}/.test(part))
}

test.each(
  ['Settings', 'Finding participants', 'Proofs', 'Requests'].flatMap((section) =>
    rowsOf(section).map(([text = '', means = '', todo = '']) => [section, text, `${means}${todo}`] as const),
  ),
)('%s: %s stands in the sources', (_section, cell, advice) => {
  const text = cell.replace(/^`|`$/g, '')
  const parts = fixedParts(text)
  expect(parts.length, text).toBeGreaterThan(0)
  const found = SOURCES.filter((source) => parts.every((part) => source.includes(part)))
  expect(found.length, text).toBeGreaterThan(0)
  expect(advice.length).toBeGreaterThan(10)
})

test('the page is as long as it was meant to be', () => {
  const counts = ['Settings', 'Finding participants', 'Proofs', 'Requests', 'What nodes write'].map(
    (section) => rowsOf(section).length,
  )
  expect(counts.every((count) => count >= 7)).toBe(true)
})

test.each(rowsOf('What nodes write'))(
  'a node that answers %s %s is judged as the page says',
  (status, text = '', verdict = '') => {
    const bodyText = JSON.stringify({ error: text.replaceAll('`', '') })
    const kind = classifyNodeAnswer({ status: Number(status), bodyText })?.kind
    expect(`\`${kind}\``).toBe(verdict)
  },
)
