import { expect, it } from 'vitest'
import { formatReport, type Report } from './report.ts'

const cost = (medianUs: number) => ({ medianUs, minUs: medianUs - 5, maxUs: medianUs + 105 })

const sdk = {
  'openai SDK': cost(300),
  'mux, described member': cost(330),
  'mux, OpenAI instance': cost(450),
}

const report: Report = {
  sdkCalls: sdk,
  sdkStreams: sdk,
  router: { transport: cost(20), router: cost(45) },
  routerStreams: { transport: cost(50), router: cost(400) },
  selection: { '10 members': cost(50), '10,000 members': cost(51) },
  heap: { calls: 1_000_000, beforeBytes: 10_000_000, samplesBytes: [10_500_000], bytesPerCall: 0.5 },
}

it('prints each median with its spread and its ratio to the first of its table', () => {
  const text = formatReport(report)
  expect(text.split('\n\n')[0]).toMatchInlineSnapshot(`
    "one call over a socket, wall clock
      openai SDK                  300 µs [295–405]       ×1.00
      mux, described member       330 µs [325–435]       ×1.10
      mux, OpenAI instance        450 µs [445–555]       ×1.50"
  `)
  expect(text).toContain('heap after 1,000,000 calls: 0.50 bytes per call')
})
