import { describe, expect, test } from 'vitest'
import { type Check, createCheck } from './check.ts'
import { judgeCell } from './judge-cell.ts'

const SIGNER = '@gonka/signer'
const DEVNET = '@gonka/devnet'

function judge(consumer: string, entry: string, reasons: Readonly<Record<string, string>>) {
  const checks = Object.entries(reasons).map(([mode, reason]) => createCheck({ consumer, mode, entry }, reason))
  const { verdict, notes, problems } = judgeCell({ entry, consumer }, checks)
  return { verdict, notes, problems }
}

describe('a cell', () => {
  test('is yes when every way of using it works', () => {
    expect(judge('node-22', SIGNER, { esm: '', cjs: '' })).toEqual({ verdict: 'yes', notes: [], problems: [] })
  })

  test('fails with the reason when one way does not', () => {
    const { verdict, problems } = judge('node-22', SIGNER, { esm: '', cjs: 'exit code 1: boom' })
    expect(verdict).toBe('FAIL')
    expect(problems).toEqual(['@gonka/signer in node-22 (cjs): exit code 1: boom'])
  })

  test('is yes with a footnote when a way fails by design', () => {
    const cell = judge('typescript-5.9', SIGNER, { node16: '', 'node16 cjs': 'signer.cts(1,1) error TS1479: no' })
    expect(cell).toEqual({ verdict: 'yes', notes: [1], problems: [] })
  })

  test('fails when what fails by design fails for another reason as well', () => {
    const reason = 'signer.cts(1,1) error TS1479: no\nindex.d.ts(1,1) error TS2315: not generic'
    expect(judge('typescript-5.9', SIGNER, { 'node16 cjs': reason }).verdict).toBe('FAIL')
  })

  test('is no with a footnote when nothing works, by design', () => {
    const cell = judge('esbuild', DEVNET, { browser: 'Could not resolve "node:http"' })
    expect(cell).toEqual({ verdict: 'no', notes: [3], problems: [] })
  })

  test('fails when what should not work does', () => {
    const { verdict, problems } = judge('esbuild', DEVNET, { browser: '' })
    expect(verdict).toBe('FAIL')
    expect(problems[0]).toMatch(/^@gonka\/devnet in esbuild \(browser\): works now; take the exception out/)
  })

  test('is a dash when the consumer cannot be had', () => {
    const absent: Check = { consumer: 'bun', mode: 'esm', entry: SIGNER, outcome: 'absent', reason: 'not here' }
    expect(judgeCell(absent, [absent])).toMatchObject({ verdict: '–', notes: [], problems: [] })
  })
})
