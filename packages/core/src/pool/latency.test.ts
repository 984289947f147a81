import { expect, it } from 'vitest'
import { Latency } from './latency.ts'

it('gives percentiles of the latest 256 measurements', () => {
  const latency = new Latency()
  expect(latency.percentileMs(0.5)).toBeUndefined()
  for (let ms = 1; ms <= 100; ms++) latency.add(ms, 0)
  expect([latency.percentileMs(0.5), latency.percentileMs(0.95), latency.percentileMs(1)]).toEqual([50, 95, 100])
  for (let i = 0; i < 256; i++) latency.add(7, 0)
  expect([latency.percentileMs(0.5), latency.percentileMs(0.95)]).toEqual([7, 7])
})

it('jumps up at once, comes down slowly, and fades while nothing is measured', () => {
  const latency = new Latency()
  latency.add(10, 0)
  latency.add(1_000, 1)
  expect(latency.averageMs(1)).toBe(1_000)
  latency.add(10, 1_001)
  expect(latency.averageMs(1_001)).toBeGreaterThan(800)
  expect(latency.averageMs(60_000)).toBeLessThan(10)
})
