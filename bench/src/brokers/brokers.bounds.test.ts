import { describe, expect, it } from 'vitest'
import { summarise } from './report.ts'
import { OUTAGES, type Outage, simulateBrokers } from './simulate-brokers.ts'

/** The most that a call may lose to dead brokers, on average, in milliseconds: three times what a busy machine needs. */
const MOST_LOST_MS: Readonly<Record<string, number>> = {
  'connection refused': 1_000,
  'answer 503': 1_000,
  'no answer within 10 s': 3_000,
  'no answer within 30 s': 8_000,
}

describe.each(Object.entries(OUTAGES))(
  'five brokers that are up 94.6, 89.1, 82.4, 59.3 and 3.7 %% of the time: %s',
  (kind, outage: Outage) => {
    it('answer at least 99.9 % of 5,000 calls, and lose little of their time', async () => {
      const summary = summarise(await simulateBrokers(outage))
      expect(summary.answered).toBeGreaterThanOrEqual(0.999 * summary.calls)
      expect(summary.failedAttempts).toBeGreaterThan(50)
      expect(summary.lostMeanMs).toBeLessThan(MOST_LOST_MS[kind] ?? 0)
    })
  },
)
