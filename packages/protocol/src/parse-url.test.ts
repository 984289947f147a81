import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseHttpUrl, redactUrl } from './parse-url.ts'

describe('parseHttpUrl', () => {
  it.each([
    ['http://node1.example:8000', 'http://node1.example:8000'],
    ['http://node1.example:8000/', 'http://node1.example:8000'],
    ['https://node1.example/api///', 'https://node1.example/api'],
    ['HTTPS://NODE1.example:443/API', 'https://node1.example/API'],
    ['http://0x7f.1:80', 'http://127.0.0.1'],
    ['http://[::1]:8000/v1/', 'http://[::1]:8000/v1'],
    [' http://node1.example ', 'http://node1.example'],
  ])('turns %s into %s', (text, url) => {
    expect(parseHttpUrl(text)).toBe(url)
  })

  it.each<[string, unknown]>([
    ['nothing', ''],
    ['no scheme', 'node1.example'],
    ['a host and a port for a scheme', 'node1.example:8000'],
    ['another scheme', 'ftp://node1.example'],
    ['a file', 'file:///etc/passwd'],
    ['a script', 'javascript:alert(1)'],
    ['no host', 'http://'],
    ['a bad port', 'http://node1.example:99999'],
    ['a user', 'http://hunter2@node1.example'],
    ['a password', 'http://user:hunter2@node1.example'],
    ['a query', 'http://node1.example/?key=hunter2'],
    ['an empty query', 'http://node1.example/?'],
    ['a fragment', 'http://node1.example/#hunter2'],
    ['an empty fragment', 'http://node1.example/#'],
    ['a number', 8000],
    ['undefined', undefined],
    ['an object', { href: 'http://node1.example' }],
    ['two URLs for one', 'http://node1.example;http://node2.example'],
    ['two hosts for one', 'http://node1.example,node2.example:8000'],
    ['a broker with its key behind the host', 'https://node1.example;hunter2'],
  ])('refuses %s and does not repeat it', (_, text) => {
    expect(() => parseHttpUrl(text as string, 'sourceUrl')).toThrow(
      expect.objectContaining({
        code: 'url-invalid',
        field: 'sourceUrl',
        message: expect.not.stringMatching(/hunter2|node1|passwd|alert/),
      }),
    )
  })

  it.each<[unknown, string]>([
    [undefined, 'url must be an http or https URL: it is missing.'],
    ['', 'url must be an http or https URL: it is missing.'],
    [8000, 'url must be an http or https URL: it is of type number.'],
    ['node1', 'url must be an http or https URL: it does not parse.'],
    [
      'http://a;http://b',
      'url must be an http or https URL: its host holds a character that no host name has, as ; and , are.',
    ],
  ])('says what is wrong with %j', (text, message) => {
    expect(() => parseHttpUrl(text as string)).toThrow(expect.objectContaining({ message }))
  })

  it.each([
    'http://b\u00fccher.example',
    'http://my_node.example.',
    'http://[fe80::1]',
    'http://xn--bcher-kva.example',
  ])('takes the host of %s', (text) => {
    expect(parseHttpUrl(text)).toBe(new URL(text).origin)
  })

  it('gives a URL that a path can be appended to, and that it accepts again', () => {
    fc.assert(
      fc.property(fc.webUrl({ validSchemes: ['http', 'https'] }), (text) => {
        const url = parseHttpUrl(text)
        expect(parseHttpUrl(url)).toBe(url)
        expect(new URL(`${url}/v1/models`).href).toBe(`${url}/v1/models`)
      }),
    )
  })
})

describe('redactUrl', () => {
  it.each([
    ['http://user:hunter2@node1.example:8000/v1?key=hunter2#hunter2', 'http://node1.example:8000/v1'],
    ['https://node1.example/', 'https://node1.example'],
    ['node1.example', '(invalid URL)'],
    ['data:text/plain,hunter2', '(invalid URL)'],
    ['', '(invalid URL)'],
  ])('shows %s as %s', (text, shown) => {
    expect(redactUrl(text)).toBe(shown)
  })
})
