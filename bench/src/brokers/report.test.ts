import { expect, it } from 'vitest'
import { formatBrokers, summarise } from './report.ts'

it('tells what dead brokers cost per call, at worst and of all time', () => {
  const lostMs = [...Array.from({ length: 98 }, () => 0), 3_000, 5_000]
  const summary = summarise({ calls: 100, answered: 99, failedAttempts: 3, lostMs, totalMs: 80_000 })
  expect(summary).toMatchObject({ lostMeanMs: 80, lostP99Ms: 3_000, lostWorstMs: 5_000, lostShare: 0.1 })
  expect(formatBrokers({ 'answer 503': summary })).toMatchInlineSnapshot(`
    "five brokers, up 94.6, 89.1, 82.4, 59.3, 3.7 % of the time
    while down   answered  failed attempts  lost per call     p99   worst  of all time
    answer 503  99 of 100                3         0.08 s  3.00 s  5.00 s       10.0 %"
  `)
})
