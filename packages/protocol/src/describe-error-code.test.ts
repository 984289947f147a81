import { expect, test } from 'vitest'
import { describeErrorCode } from './describe-error-code.ts'

test.each([
  ['its own code', Object.assign(new Error('https://user:pw@host'), { code: 'ENOSPC' }), ' (ENOSPC)'],
  ["its cause's code", new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } }), ' (ECONNREFUSED)'],
  ['no code', new Error('https://user:pw@host'), ''],
  ['a code that is a text', Object.assign(new Error(), { code: 'token=hunter2' }), ''],
  ['a code that is a number', Object.assign(new Error(), { code: 20 }), ''],
  ['nothing', null, ''],
  ['no error', 'ECONNREFUSED', ''],
])('shows of %s the code alone', (_, error, shown) => {
  expect(describeErrorCode(error)).toBe(shown)
})
