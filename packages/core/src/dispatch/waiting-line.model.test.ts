import fc from 'fast-check'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type Take, WaitingLine } from './waiting-line.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: 0 })
})
afterEach(() => {
  vi.useRealTimers()
})

const MAX_LENGTH = 4
const TIMEOUT_MS = 100

type Step =
  | { readonly do: 'enter'; readonly priority: number }
  | { readonly do: 'open'; readonly slots: number }
  | { readonly do: 'abort'; readonly which: number }
  | { readonly do: 'pass'; readonly ms: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('enter' as const), priority: fc.integer({ min: -1, max: 1 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('open' as const), slots: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('abort' as const), which: fc.nat(9) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 60 }) }) },
)

/** The line as one would write it without timers and signals: a sorted list and a clock. */
class Oracle {
  readonly outcomes: string[] = []
  #waiting: { id: number; priority: number; untilMs: number }[] = []
  #slots = 0
  #nowMs = 0

  get waiting(): readonly number[] {
    return this.#waiting.map(({ id }) => id)
  }

  enter(id: number, priority: number): void {
    if (this.#slots > 0) {
      this.#serve(id)
    } else if (this.#waiting.length === MAX_LENGTH) {
      this.#note(id, 'QueueFullError')
    } else {
      this.#waiting.push({ id, priority, untilMs: this.#nowMs + TIMEOUT_MS })
      this.#waiting.sort((a, b) => b.priority - a.priority || a.id - b.id)
    }
  }

  open(slots: number): void {
    this.#slots = slots
    for (const { id } of this.#waiting.splice(0, slots)) this.#serve(id)
  }

  abort(id: number): void {
    if (!this.waiting.includes(id)) return
    this.#waiting = this.#waiting.filter((one) => one.id !== id)
    this.#note(id, 'aborted')
  }

  pass(ms: number): void {
    this.#nowMs += ms
    const late = this.#waiting.filter(({ untilMs }) => untilMs <= this.#nowMs)
    // Time runs out for each at its own moment, whatever its priority.
    late.sort((a, b) => a.untilMs - b.untilMs || a.id - b.id)
    this.#waiting = this.#waiting.filter(({ untilMs }) => untilMs > this.#nowMs)
    for (const { id } of late) this.#note(id, 'QueueTimeoutError')
  }

  #serve(id: number): void {
    this.#slots -= 1
    this.#note(id, 'served')
  }

  #note(id: number, outcome: string): void {
    this.outcomes.push(`${id} ${outcome}`)
  }
}

it('serves, refuses, times out and lets go of calls as a sorted list with a clock does', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const line = new WaitingLine({ maxLength: MAX_LENGTH, timeoutMs: TIMEOUT_MS }, () => Date.now())
      const oracle = new Oracle()
      const outcomes: string[] = []
      const callers: AbortController[] = []
      let slots = 0
      const take = (): Take<true> => (slots-- > 0 ? { kind: 'taken', value: true } : refuse())
      const refuse = (): Take<true> => {
        slots = 0
        return { kind: 'wait', untilMs: Number.POSITIVE_INFINITY }
      }
      for (const one of steps) {
        if (one.do === 'enter') {
          const id = callers.length
          const caller = new AbortController()
          callers.push(caller)
          line.wait(take, { signal: () => caller.signal, priority: one.priority }).then(
            () => outcomes.push(`${id} served`),
            (error: Error) => outcomes.push(`${id} ${error.name === 'Error' ? error.message : error.name}`),
          )
          oracle.enter(id, one.priority)
        } else if (one.do === 'open') {
          slots = one.slots
          line.wake()
          oracle.open(one.slots)
        } else if (one.do === 'abort') {
          callers[one.which]?.abort(new Error('aborted'))
          oracle.abort(one.which)
        } else {
          await vi.advanceTimersByTimeAsync(one.ms)
          oracle.pass(one.ms)
        }
        await vi.advanceTimersByTimeAsync(0)
        expect(line.length).toBe(oracle.waiting.length)
      }
      expect(outcomes).toEqual(oracle.outcomes)
      for (const caller of callers) caller.abort(new Error('aborted'))
      expect([line.length, vi.getTimerCount()]).toEqual([0, 0])
      await vi.advanceTimersByTimeAsync(0)
    }),
  )
})
