import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatTable } from './format-report.mjs'

test('the table has a line per package, a column per release, and shows what did not change as =', () => {
  const rows = [
    { name: '@x/signer', versions: ['0.1.0', '0.2.0'], published: ['0.1.0', '0.2.0'] },
    { name: '@x/a', versions: ['0.1.0', '0.1.0'], published: ['0.1.0'] },
  ]
  assert.equal(
    formatTable(rows, ['first', 'second']),
    'package    first  second  published\n@x/signer  0.1.0  0.2.0   0.1.0 0.2.0\n@x/a       0.1.0  =       0.1.0',
  )
})
