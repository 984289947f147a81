import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readCurl } from '../fixtures/read-curl.ts'
import { formatCurl } from './format-curl.ts'

const URL = 'http://node1.example:8000/v1/chat/completions'

test('a shell passes URL, headers and body on as they are', async () => {
  const request = {
    url: URL,
    headers: { 'Content-Type': 'application/json', Authorization: 'a+b/c==' },
    body: `{"content":"it's $HOME \`id\` \\n !! *\n@x \\\\ \\" ünï 🌍"}`,
  }
  expect(await readCurl(formatCurl(request))).toEqual(request)
})

test('whatever the body holds', async () => {
  // Neither arguments nor JSON can hold NUL.
  const body = fc.string({ unit: 'grapheme', maxLength: 40 }).filter((text) => !text.includes('\0'))
  const property = fc.asyncProperty(body, fc.constantFrom('', "'", "''", '\\', '@', '-'), async (text, start) => {
    const request = { url: URL, headers: {}, body: start + text }
    expect(await readCurl(formatCurl(request))).toEqual(request)
  })
  await fc.assert(property, { numRuns: 40 })
})
