import { expect, test } from 'vitest'
import { judgeRun, shorten } from './judge-run.ts'

test.each([
  ['the answer alone', { status: 0, stdout: 'right\n', stderr: '' }, ''],
  ['another answer', { status: 0, stdout: 'wrong\n', stderr: '' }, 'expected "right", got "wrong"'],
  ['silence, as of a promise that never settles', { status: 0, stdout: '', stderr: '' }, 'expected "right", got ""'],
  ['a warning', { status: 0, stdout: 'right\n', stderr: 'Experimental\n' }, 'right, but with a warning: Experimental'],
  ['the answer and a failure', { status: 1, stdout: 'right\n', stderr: 'Error: x\n' }, 'exit code 1: Error: x'],
])('judges %s', (_name, result, reason) => {
  expect(judgeRun(result, 'right')).toBe(reason)
})

test('cuts long lines, so that what follows a line of a bundle is still read', () => {
  const text = shorten(`${'x'.repeat(5_000)}\nReferenceError: Buffer is not defined\n`)
  expect(text).toBe(`${'x'.repeat(200)}…\nReferenceError: Buffer is not defined`)
  expect(shorten('line\n'.repeat(1_000)).length).toBeLessThan(1_300)
})
