import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readErrorText } from './read-error-text.ts'

it.each([
  ['{"error":"account not found"}', 'account not found'],
  ['{"error":{"message":"account not found","code":404}}', 'account not found'],
  ['{"message":"account not found"}', 'account not found'],
  ['"account not found"', 'account not found'],
  ['  account not found\r\n', 'account not found'],
  ['{"error":"account not found","mess', 'account not found'],
  ['{ "error" : { "message" : "account not fou', 'account not fou'],
  ['{"error":"account not found"}{"error":"again"}', 'account not found'],
  ['{"error":"a \\"quoted\\" word', 'a "quoted" word'],
  ['{"error":"deprecated","message":"use devshard"}', 'deprecated'],
  ['<html><title>502</title></html>', '<html><title>502</title></html>'],
])('%s says %s', (bodyText, text) => {
  expect(readErrorText(bodyText)).toBe(text)
})

it.each([
  '',
  ' ',
  'null',
  '[]',
  '7',
  '{}',
  '{"error":null}',
  '{"error":7}',
  '{"error":{}}',
  '{"error":{"message":[]}}',
])('%j says nothing', (bodyText) => {
  expect(readErrorText(bodyText)).toBe('')
})

it('reads any text from any beginning of either form that holds it', () => {
  const text = fc.stringMatching(/^[\w.,:;()[\]/ -]{1,80}$/).filter((each) => each.trim() === each)
  fc.assert(
    fc.property(text, fc.boolean(), fc.nat(20), (each, isNested, cut) => {
      const whole = JSON.stringify({ error: isNested ? { message: each } : each, more: 'twenty characters' })
      expect(readErrorText(whole.slice(0, whole.length - cut))).toBe(each)
    }),
  )
})

it('throws for no text', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (each) => typeof readErrorText(each) === 'string'))
})
