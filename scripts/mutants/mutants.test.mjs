import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findMutants } from './find-mutants.mjs'
import { formatTable, judgeMutants } from './judge-mutants.mjs'
import { SWITCH, switchMutants } from './switch-mutants.mjs'

const SOURCE = `const list = []
function limit(value, flag) {
  check(value)
  if (!(value > 9 || flag) && list.every((one) => one !== value)) return 'small'
  return flag ? 'flag' : 'big'
}
function check(value) {
  if (value < 0) throw new Error('negative')
}
`
const MUTANTS = findMutants('limit.ts', SOURCE).map((mutant, id) => ({ ...mutant, id }))

test('finds operands, edges, results and calls of checks, with their lines', () => {
  assert.deepEqual(
    MUTANTS.map(({ line, check, becomes }) => `${line} ${check} -> ${becomes}`),
    [
      '3 check(value) -> nothing',
      '4 value > 9 -> true',
      '4 value > 9 -> false',
      '4 value > 9 -> value >= 9',
      '4 flag -> true',
      '4 flag -> false',
      '4 list.every((one) => one !== value) -> true',
      '4 list.every((one) => one !== value) -> false',
      '4 one !== value -> true',
      '4 one !== value -> false',
      '5 flag -> true',
      '5 flag -> false',
      '8 value < 0 -> true',
      '8 value < 0 -> false',
      '8 value < 0 -> value <= 0',
    ],
  )
})

test('finds nothing where nothing is decided', () => {
  assert.deepEqual(findMutants('x.ts', "export const a: string = b ?? '(' \nlist.push(a)\n"), [])
})

test('one source behaves like each of its mutants, and like itself', () => {
  const run = Function(SWITCH, `${switchMutants(SOURCE, MUTANTS)}; return limit`)
  const limitWith = (check, becomes) => {
    const mutant = MUTANTS.find((one) => one.check === check && one.becomes === becomes)
    return run((id) => id === mutant?.id)
  }
  assert.equal(limitWith()(9, false), 'small')
  assert.equal(limitWith('value > 9', 'value >= 9')(9, false), 'big')
  assert.equal(limitWith('value > 9', 'false')(20, false), 'small')
  assert.equal(limitWith('flag', 'true')(1, false), 'big')
  assert.throws(() => limitWith()(-1, false), /negative/)
  assert.equal(limitWith('check(value)', 'nothing')(-1, false), 'small')
  assert.equal(switchMutants(SOURCE, MUTANTS).split('\n').length, SOURCE.split('\n').length)
})

test('a mutant is killed, survives, or is called equivalent with a reason', () => {
  const [first, second, third] = MUTANTS
  const known = { file: 'limit.ts', check: second.check, becomes: second.becomes, reason: 'why' }
  const failed = new Map([[first.id, ['a test']]])
  const { rows, problems } = judgeMutants([first, second, third], failed, [known])
  assert.deepEqual(
    rows.map(({ verdict }) => verdict),
    ['killed', 'equivalent', 'survived'],
  )
  assert.deepEqual(problems, ['limit.ts:4 value > 9 -> false: no test fails.'])
  assert.match(formatTable(rows), /3 mutants, 1 survived, 1 equivalent\.$/)
})

test('what is wrongly called equivalent is a problem', () => {
  const [first] = MUTANTS
  const killed = { file: first.file, check: first.check, becomes: first.becomes, reason: 'why' }
  const gone = { ...killed, check: 'gone()' }
  const { problems } = judgeMutants([first], new Map([[first.id, ['a test']]]), [killed, gone])
  assert.equal(problems.length, 2)
  assert.match(problems[0], /called equivalent, but a test fails: a test/)
  assert.match(problems[1], /gone\(\) -> nothing: called equivalent, but is not there/)
})
