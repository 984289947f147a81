import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { DemoReport } from './demo-report.ts'
import { formatReport } from './demo-report.ts'

const run = promisify(execFile)
const main = fileURLToPath(new URL('../dist/main.js', import.meta.url))

describe('the quickstart', () => {
  it('loses no request to a killed participant and an epoch change, and reports it for machines', async () => {
    const { stdout } = await run(process.execPath, [main, '--json', '--requests', '100', '--seed', 'test'])
    const report = JSON.parse(stdout) as DemoReport
    expect(report).toMatchObject({ requests: 100, streamed: 50, lost: 0, epochs: [7, 8] })
    expect(report.participants.map(({ fate }) => fate).sort()).toEqual(['', '', '', 'joined', 'killed', 'left'])
    expect(report.participants.reduce((sum, { successes }) => sum + successes, 0)).toBe(100)
    const killed = report.participants.find(({ fate }) => fate === 'killed')
    expect(killed?.failovers).toBeGreaterThan(0)
  }, 30_000)

  it('prints what happens and a table for people', async () => {
    const { stdout } = await run(process.execPath, [main, '--requests', '40'])
    expect(stdout).toMatch(/5 participants registered/)
    expect(stdout).toMatch(/killing participant gonka1/)
    expect(stdout).toMatch(/turned to epoch 8/)
    expect(stdout).toMatch(/participant +weight +requests +ok +failovers/)
    expect(stdout.trimEnd()).toMatch(/lost 0 of 40$/)
  }, 30_000)

  it('ends without a word when nobody reads any longer, as behind head', async () => {
    const running = run(process.execPath, [main, '--requests', '40'])
    const { stdout } = running.child
    stdout?.once('data', () => stdout.destroy())
    expect((await running).stderr).toBe('')
  }, 30_000)

  it.each([
    [['--requests', '0'], '--requests must be a whole number >= 1; got 0.'],
    [['--request', '9'], "Unknown option '--request'"],
  ])('says what is wrong with %j, and which options there are', async (args, message) => {
    const { code, stdout, stderr } = await run(process.execPath, [main, ...args]).catch((cause) => cause)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(message)
    expect(stderr).toContain('--requests <n>')
  })

  it('draws shares as bars and says how many requests were lost', () => {
    const one = {
      address: `gonka1${'q'.repeat(38)}`,
      fate: 'left',
      weightShare: [1, undefined],
      successes: 3,
      failovers: 1,
    }
    const report = { requests: 4, streamed: 2, lost: 1, failovers: 1, epochs: [7, 8], durationMs: 1 }
    const text = formatReport({ ...report, participants: [{ ...one, requestShare: 0.5 }] })
    expect(text).toContain(`gonka1qqqqqq…qqqq  100 % → –  50 %      ${'█'.repeat(20)}  3   1          left`)
    expect(text).toContain('lost 1 of 4')
  })
})
