import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readAnchors, readCodeBlocks, readLinks } from './read-markdown.mjs'

test('blocks come with language and the line of their first line of code', () => {
  const text = '# A\n\n```ts\nconst a = 1\n```\n\n```bash\nnpm i\n```\n'
  assert.deepEqual(readCodeBlocks(text), [
    { language: 'ts', info: [], line: 4, code: 'const a = 1' },
    { language: 'bash', info: [], line: 8, code: 'npm i' },
  ])
})

test('a longer fence holds a shorter one, tildes are fences, and words after the language are kept', () => {
  const text = '````md\n```ts\nx\n```\n````\n~~~TS runnable  twoslash\ny\n~~~\n'
  assert.deepEqual(readCodeBlocks(text), [
    { language: 'md', info: [], line: 2, code: '```ts\nx\n```' },
    { language: 'ts', info: ['runnable', 'twoslash'], line: 7, code: 'y' },
  ])
})

test('a block inside a list item loses the indent of its fence, and a block never closed runs to the end', () => {
  assert.deepEqual(readCodeBlocks('- item\n\n  ```ts\n  a\n    b\n  ```\n```ts\nc'), [
    { language: 'ts', info: [], line: 4, code: 'a\n  b' },
    { language: 'ts', info: [], line: 8, code: 'c' },
  ])
})

test('Windows line ends do not reach the code', () => {
  assert.deepEqual(readCodeBlocks('```ts\r\na\r\nb\r\n```\r\n'), [{ language: 'ts', info: [], line: 2, code: 'a\nb' }])
})

test('links, images and reference definitions are found with their line; code is left out', () => {
  const text = '[a](one.md)\n![b](two.png "Title")\n`[c](no.md)`\n```md\n[d](no.md)\n```\n[e]: <three.md>\n[f][e]\n'
  assert.deepEqual(readLinks(text), [
    { target: 'one.md', line: 1 },
    { target: 'two.png', line: 2 },
    { target: 'three.md', line: 7 },
  ])
})

test('headings become anchors as on GitHub: lower case, no punctuation, repeats numbered', () => {
  const text = '# Hello, `World`!\n## Two  words\n## Same\n### Same\n```sh\n# not a heading\n```\n'
  assert.deepEqual([...readAnchors(text)], ['hello-world', 'two--words', 'same', 'same-1'])
})
