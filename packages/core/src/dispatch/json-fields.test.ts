import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findTopLevelFields, prependField, spliceBytes } from './json-fields.ts'

const NAMES = ['model', 'stream']

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)
const decode = (bytes: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)

function textOf(json: string, name: string): string | undefined {
  const bytes = encode(json)
  const span = findTopLevelFields(bytes, NAMES).get(name)
  return span && decode(bytes.subarray(span.start, span.end))
}

/** Objects with the wanted names at the top and, as a trap, further down and inside strings. No name holds a backslash:
 * V8 of Node 24 and 26 reads an escaped name as one with a backslash that it has met before, so `JSON.parse` is no
 * judge there. Source: https://github.com/nodejs/node/issues/63785 */
function jsonObject(): fc.Arbitrary<Record<string, unknown>> {
  const trap = fc.constantFrom('"model":"trap"', '\\"', '\\', '}', ']', '{"model":', '\u2028', '😀', '\ud800', '\n')
  const text = fc.oneof(fc.string({ unit: 'binary' }), trap)
  const key = fc
    .oneof(fc.constantFrom('model', 'stream', 'messages', 'mode', 'models'), text)
    .filter((name) => !name.includes('\\'))
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.oneof(text, fc.boolean(), fc.constant(null), fc.double({ noNaN: true, noDefaultInfinity: true })),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(key, tie('value'), { maxKeys: 4 }),
    ),
  }))
  return fc.dictionary(key, value, { maxKeys: 6 })
}

const indent = fc.constantFrom(undefined, 2, '\t', ' \n')

describe('any JSON object', () => {
  it('has its fields where JSON.parse finds them', () => {
    fc.assert(
      fc.property(jsonObject(), indent, (object, space) => {
        const json = JSON.stringify(object, null, space)
        const parsed = JSON.parse(json)
        for (const name of NAMES) {
          const found = textOf(json, name)
          expect(found !== undefined).toBe(Object.hasOwn(parsed, name))
          if (found !== undefined) expect(JSON.parse(found)).toEqual(parsed[name])
        }
      }),
      { numRuns: 1_000 },
    )
  })

  it('changes in one field only when that is spliced, and keeps every other byte', () => {
    fc.assert(
      fc.property(jsonObject(), indent, fc.string({ unit: 'binary' }), (object, space, model) => {
        const bytes = encode(JSON.stringify({ ...object, model: 1 }, null, space))
        const span = findTopLevelFields(bytes, NAMES).get('model')!
        const spliced = spliceBytes(bytes, span, JSON.stringify(model))
        expect(JSON.parse(decode(spliced))).toEqual({
          ...JSON.parse(decode(bytes)),
          model: JSON.parse(JSON.stringify(model)),
        })
        expect(spliced.subarray(0, span.start)).toEqual(bytes.subarray(0, span.start))
        expect(spliced.subarray(spliced.length - (bytes.length - span.end))).toEqual(bytes.subarray(span.end))
      }),
    )
  })

  it('gains a field in front when it has none of that name', () => {
    fc.assert(
      fc.property(jsonObject(), indent, (object, space) => {
        const { model: _, ...rest } = object
        const json = JSON.stringify(rest, null, space)
        const grown = decode(prependField(encode(json), 'model', 'm'))
        expect(JSON.parse(grown)).toEqual({ ...JSON.parse(json), model: 'm' })
      }),
    )
  })
})

describe('arbitrary bytes', () => {
  it('never throw, and never give a place outside of them', () => {
    const jsonLike = fc.array(fc.constantFrom(...'{}[]":,\\ \n', 'model', '"model"', '"model":', 'true', '1', '\ufeff'))
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 64 }),
      jsonLike.map((parts) => encode(parts.join(''))),
    )
    fc.assert(
      fc.property(bytes, (some) => {
        for (const { start, end } of findTopLevelFields(some, NAMES).values()) {
          expect(0 <= start && start <= end && end <= some.length).toBe(true)
        }
        expect(prependField(new Uint8Array(some), 'model', 'm').length).toBeGreaterThanOrEqual(some.length)
      }),
      { numRuns: 2_000 },
    )
  })

  it('take time in proportion to their length, whatever they nest', () => {
    const started = performance.now()
    for (const part of ['{"a":', '{"a":[', '"\\', '{"a":"', '[[', '{"a":1,', '"":']) {
      findTopLevelFields(encode(`{"a":${part.repeat(200_000)}`), NAMES)
    }
    expect(performance.now() - started).toBeLessThan(5_000)
  })
})

describe('a field', () => {
  it.each([
    ['occurs twice: the last counts', '{"model":"a","x":1,"model":"b"}', '"b"'],
    ['is written with escapes', '{"mod\\u0065l":"a"}', '"a"'],
    ['comes after a byte order mark', '\ufeff {"model":"a"}', '"a"'],
    ['stands in white space', ' \r\n\t{ "x" : [ ] , "model" \n:\t "a" }', '"a"'],
    ['is an object', '{"model":{"model":"}"},"x":1}', '{"model":"}"}'],
    ['is a number before the end', '{"model":-1.5e3}', '-1.5e3'],
    ['follows strings full of quotes', '{"x":"\\\\\\"","y":"\\\\","model":"a"}', '"a"'],
    ['follows names that end in a backslash', '{"\\\\":1,"a\\\\":2,"\\\\\\"":3,"model":"a"}', '"a"'],
    ['is cut off', '{"model":"a', '"a'],
  ])('is found when it %s', (_, json, expected) => {
    expect(textOf(json, 'model')).toBe(expected)
  })

  it.each([
    ['in a nested object', '{"x":{"model":"a"}}'],
    ['in a string', '{"x":"\\"model\\":\\"a\\""}'],
    ['in a list', '[{"model":"a"}]'],
    ['in text', '"model":"a"'],
    ['as the start of a longer name', '{"model_name":"a","mode":"b"}'],
    ['without a colon', '{"model" "a"}'],
  ])('is not found %s', (_, json) => {
    expect(textOf(json, 'model')).toBeUndefined()
  })
})

describe('putting a field in front', () => {
  it.each([
    ['{}', '{"model":"m"}'],
    [` {${' '.repeat(200)}} `, ` {"model":"m"${' '.repeat(200)}} `],
    ['\ufeff\n{"a":1}', '\ufeff\n{"model":"m","a":1}'],
    ['[{"a":1}]', '[{"a":1}]'],
    ['text {"a":1}', 'text {"a":1}'],
    ['', ''],
  ])('turns %j into %j', (before, after) => {
    expect(decode(prependField(encode(before), 'model', 'm'))).toBe(after)
  })
})
