import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { ROWS, renderVersions } from './fixtures/render-versions.ts'

const SOURCES = new URL('./', import.meta.url)
const PAGES = new URL('../../docs/guides/', import.meta.url)
const CODE = /(?<=<!-- code: guides\/src\/(\S+) -->\n```ts\n).*?(?=```\n)/gs
const VERSIONS = /(?<=<!-- generated: versions -->\n).*?(?=<!-- end of generated text -->)/s

const pages = readdirSync(PAGES)
  .filter((name) => name.endsWith('.md'))
  .map((name) => ({
    name,
    path: fileURLToPath(new URL(name, PAGES)),
    text: readFileSync(new URL(name, PAGES), 'utf8'),
  }))

/** The files that the pages show. */
const shown = pages.flatMap(({ text }) => [...text.matchAll(CODE)].map(([, file]) => file))

// Where this fails after a change on purpose, `vitest -u` writes the pages anew.
describe.each(pages)('$name', ({ path, text }) => {
  it('shows the code that the tests run, and the versions that they run it with', async () => {
    const current = text
      .replace(CODE, (_, file: string) => readFileSync(new URL(file, SOURCES), 'utf8'))
      .replace(VERSIONS, () => `${renderVersions()}\n`)
    await expect(current).toMatchFileSnapshot(path)
  })

  it('has no code of its own', () => {
    expect(text.match(/^```/gm)?.length ?? 0).toBe(2 * [...text.matchAll(CODE)].length)
  })
})

it('every example is on a page, and every page in the table', () => {
  const examples = readdirSync(SOURCES).filter((name) => /^[^.]+\.ts$/.test(name))
  expect([...shown].sort()).toEqual(examples.sort())
  expect(ROWS.map(({ page }) => page).sort()).toEqual(pages.map(({ name }) => name).filter((n) => n !== 'README.md'))
})
