import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SseReader } from './sse-reader.ts'

function readAll(...chunks: Uint8Array[]): string[] {
  const reader = new SseReader()
  return [...chunks.flatMap((chunk) => reader.feed(chunk)), ...reader.end()]
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)

function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const sorted = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b)
  return sorted.slice(1).map((end, i) => bytes.subarray(sorted[i], end))
}

describe('the events of a stream', () => {
  it.each([
    ['one line each', 'data: a\n\ndata: b\n\n', ['a', 'b']],
    ['several lines', 'data: a\ndata: b\ndata:\ndata: c\n\n', ['a\nb\n\nc']],
    ['no space after the colon', 'data:a\n\ndata:  b\n\n', ['a', ' b']],
    ['data without a colon', 'data\n\ndata\ndata\n\n', ['', '\n']],
    ['comments and other fields', ': ping\n\nevent: x\nid: 1\nretry: 5\ndata: a\n\nevent: y\n\n', ['a']],
    ['names that only begin like data', 'database: a\n\n data: b\n\ndata : c\n\n', []],
    ['carriage returns and line feeds', 'data: a\r\n\r\ndata: b\r\n\r\n', ['a', 'b']],
    ['carriage returns only', 'data: a\rdata: b\r\rdata: c\r\r', ['a\nb', 'c']],
    ['mixed line ends', 'data: a\r\n\rdata: b\n\r\ndata: c\r\n\n', ['a', 'b', 'c']],
    ['a byte order mark', '\ufeffdata: a\n\n', ['a']],
    ['other separators inside the data', 'data: a\u2028b\u0085c\u000bd\n\n', ['a\u2028b\u0085c\u000bd']],
    ['no blank line at the end', 'data: a\n\ndata: b', ['a', 'b']],
    ['one carriage return at the end', 'data: a\r', ['a']],
    ['nothing', '', []],
    ['blank lines only', '\n\r\n\r\r\n\n', []],
  ])('are read with %s', (_, text, events) => {
    expect(readAll(encode(text))).toEqual(events)
  })

  it('are the same however the bytes are cut, inside of characters and line ends too', () => {
    const part = fc.constantFrom(
      'data: ',
      'data',
      ':',
      ' ',
      'a',
      'ü',
      '😀',
      '\u2028',
      '\n',
      '\r',
      '\r\n',
      '\n\n',
      'id: 1',
      '{"x":1}',
      '\ufeff',
    )
    const bytes = fc.oneof(
      fc.array(part, { maxLength: 60 }).map((parts) => encode(parts.join(''))),
      fc.uint8Array(),
    )
    fc.assert(
      fc.property(bytes, fc.array(fc.nat(), { maxLength: 12 }), (all, places) => {
        expect(readAll(...cut(all, places))).toEqual(readAll(all))
        expect(readAll(...cut(all, [...all.keys()]))).toEqual(readAll(all))
      }),
      { numRuns: 500 },
    )
  })

  it('come with the bytes that complete them, not with the next ones', () => {
    const reader = new SseReader()
    const events = ['data: a\r', '\n\r', '\ndata: b\r', '\r', 'data: c\n', '\n'].map((text) =>
      reader.feed(encode(text)),
    )
    expect(events).toEqual([[], ['a'], [], ['b'], [], ['c']])
  })

  it('cost time in proportion to their length, in however many pieces one line comes', () => {
    const reader = new SseReader()
    const piece = encode('x'.repeat(1_000))
    const started = performance.now()
    reader.feed(encode('data: '))
    for (let i = 0; i < 20_000; i++) reader.feed(piece)
    expect(reader.feed(encode('\n\n'))[0]).toHaveLength(20_000_000)
    expect(performance.now() - started).toBeLessThan(5_000)
  })
})
