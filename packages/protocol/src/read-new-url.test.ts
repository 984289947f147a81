import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readNewUrl } from './read-new-url.ts'

it.each([
  ['https://new.example', 'https://new.example'],
  ['https://new.example/', 'https://new.example'],
  ['http://new.example:8000/api/v1', 'http://new.example:8000/api/v1'],
  ['https://user:hunter2@new.example/v1?key=hunter2#hunter2', 'https://new.example/v1'],
  ['https://[2001:db8::1]:8443/v1', 'https://[2001:db8::1]:8443/v1'],
  ['https://bücher.example/v1', 'https://xn--bcher-kva.example/v1'],
])('shows %s as %s', (newUrl, shown) => {
  expect(readNewUrl(JSON.stringify({ status: 308, new_url: newUrl }))).toBe(shown)
})

it.each([
  ['another scheme', 'javascript:alert(1)'],
  ['a file', 'file:///etc/passwd'],
  ['no host', '/v1/chat'],
  ['a path with escapes', 'https://new.example/the prompt of the caller'],
  ['a signature', `https://new.example/${'A'.repeat(86)}==`],
  ['a line break', 'https://new.example/v1%0Aadvice'],
  ['one that is too long', `https://new.example/${'x'.repeat(200)}`],
  ['no text', 5],
  ['nothing', undefined],
])('does not show %s', (_, newUrl) => {
  expect(readNewUrl(JSON.stringify({ new_url: newUrl }))).toBeUndefined()
})

it.each(['', 'null', '[]', 'https://new.example', '{"new_url":"https://new.example"', '<html>'])(
  'finds none in %j',
  (bodyText) => {
    expect(readNewUrl(bodyText)).toBeUndefined()
  },
)

it('shows a short URL of plain characters, or nothing', () => {
  const newUrl = fc.oneof(fc.webUrl({ withQueryParameters: true, withFragments: true }), fc.string())
  fc.assert(
    fc.property(newUrl, (each) => {
      const shown = readNewUrl(JSON.stringify({ new_url: each }))
      if (shown !== undefined) expect(shown).toMatch(/^https?:\/\/[\w.:~/[\]-]{1,192}$/)
    }),
  )
})
