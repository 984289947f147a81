import { expect, test } from 'vitest'
import { parseOptions } from './parse-options.ts'

const parse = (...args: string[]) => parseOptions(args, { consumers: ['node-22', 'bun'], entries: ['@gonka/signer'] })

test('everything is used when nothing is asked for', () => {
  expect(parse()).toEqual({ help: false, json: false, write: false, keep: false, consumers: [], entries: [] })
})

test('--only takes consumers and entries, repeated or separated by commas', () => {
  expect(parse('--only', 'bun,@gonka/signer', '--only=node-22', '--json')).toMatchObject({
    json: true,
    consumers: ['node-22', 'bun'],
    entries: ['@gonka/signer'],
  })
})

test('what is unknown is named', () => {
  expect(() => parse('--only', 'node-18')).toThrow(/node-22, bun, @gonka\/signer\. Got node-18\./)
  expect(() => parse('--fast')).toThrow(RangeError)
  expect(() => parse('--write', '--only', 'bun')).toThrow(/whole table/)
})
