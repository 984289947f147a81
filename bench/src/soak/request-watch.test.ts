import { describe, expect, it } from 'vitest'
import { RequestWatch } from './request-watch.ts'

/** `a` stays; `b` is away from 1,000 to 9,000. */
function createWatch(): RequestWatch {
  const watch = new RequestWatch()
  watch.noteListed(new Set(['a', 'b']), 0)
  watch.noteListed(new Set(['a']), 1_000)
  watch.noteListed(new Set(['a']), 5_000)
  watch.noteListed(new Set(['a', 'b']), 9_000)
  return watch
}

describe('requests to participants that are listed no longer', () => {
  it.each([
    ['of one that is listed', 'a', 8_000, { count: 0, worstMs: 0 }],
    ['before it left', 'b', 900, { count: 0, worstMs: 0 }],
    ['after it left', 'b', 4_000, { count: 1, worstMs: 3_000 }],
    ['long after it left', 'b', 8_999, { count: 1, worstMs: 7_999 }],
    ['once it is back', 'b', 9_001, { count: 0, worstMs: 0 }],
    ['of one that never was listed', 'c', 9_001, { count: 0, worstMs: 0 }],
  ])('are judged by when they came: %s', (...[, address, atMs, late]) => {
    const watch = createWatch()
    watch.judge(address, atMs)
    expect(watch.late).toEqual(late)
    expect(watch.seen).toBe(1)
  })

  it('are timed from when it left last', () => {
    const watch = createWatch()
    watch.noteListed(new Set(['a']), 20_000)
    watch.judge('b', 21_000)
    watch.judge('b', 30_000)
    expect(watch.late).toEqual({ count: 2, worstMs: 10_000 })
  })
})
