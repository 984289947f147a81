import assert from 'node:assert/strict'
import { test } from 'node:test'
import { splitSections } from './split-sections.mjs'

test('a section has its heading, those above it, and its text', () => {
  assert.deepEqual(splitSections('# Page\n\nIntro.\n\n## One\n\n### send()\n\nSends.\n\n## Two\nEnd.'), [
    { anchor: 'page', titles: ['Page'], text: '\nIntro.\n\n' },
    { anchor: 'one', titles: ['Page', 'One'], text: '\n' },
    { anchor: 'send', titles: ['Page', 'One', 'send()'], text: '\nSends.\n\n' },
    { anchor: 'two', titles: ['Page', 'Two'], text: 'End.\n' },
  ])
})

test('code has no headings', () => {
  const markdown = '# Page\n````ts\n# not one\n````\nEnd.'
  assert.deepEqual(splitSections(markdown), [
    { anchor: 'page', titles: ['Page'], text: '````ts\n# not one\n````\nEnd.\n' },
  ])
})

test('a repeated heading has the number that the site gives it', () => {
  const anchors = splitSections('# A\n## A\n## a-1\n## A').map(({ anchor }) => anchor)
  assert.deepEqual(anchors, ['a', 'a-1', 'a-1-1', 'a-2'])
})
