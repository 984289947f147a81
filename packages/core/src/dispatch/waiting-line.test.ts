import { getEventListeners } from 'node:events'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type QueueSettings, type Take, WaitingLine } from './waiting-line.ts'

beforeEach(() => {
  vi.useFakeTimers({ now: 0 })
})
afterEach(() => {
  vi.useRealTimers()
})

const WAIT: Take<never> = { kind: 'wait', untilMs: Number.POSITIVE_INFINITY }

function lineOf(settings: QueueSettings = {}): WaitingLine {
  return new WaitingLine(settings, () => Date.now())
}

/** Calls that share a number of slots. */
function startShop(line: WaitingLine) {
  const shop = { slots: 0, served: [] as string[] }
  const { signal } = new AbortController()
  const enter = (name: string, own: AbortSignal = signal, priority = 0): Promise<string> =>
    line.wait<string>(
      () => {
        if (shop.slots === 0) return WAIT
        shop.slots -= 1
        shop.served.push(name)
        return { kind: 'taken', value: name }
      },
      { signal: () => own, priority },
    )
  const open = (slots: number): void => {
    shop.slots = slots
    line.wake()
  }
  return { shop, enter, open }
}

describe('waiting in line', () => {
  it('does not wait for what is there at once', async () => {
    const line = lineOf({ maxLength: 0 })
    const { shop, enter } = startShop(line)
    shop.slots = 1
    expect(await enter('a')).toBe('a')
    expect([line.length, vi.getTimerCount()]).toEqual([0, 0])
  })

  it('serves first come first, as many as there is room for', async () => {
    const line = lineOf()
    const { shop, enter, open } = startShop(line)
    const calls = ['a', 'b', 'c', 'd'].map((name) => enter(name))
    open(3)
    expect([shop.served, line.length]).toEqual([['a', 'b', 'c'], 1])
    open(1)
    expect(await Promise.all(calls)).toEqual(['a', 'b', 'c', 'd'])
    expect([line.length, vi.getTimerCount()]).toEqual([0, 0])
  })

  it('serves a higher priority first, and equals in the order they came', async () => {
    const line = lineOf()
    const { shop, enter, open } = startShop(line)
    const calls = [0, -1, 5, 0, 5].map((priority, i) => enter(`${i}`, undefined, priority))
    open(5)
    await Promise.all(calls)
    expect(shop.served).toEqual(['2', '4', '0', '3', '1'])
  })

  it('passes over a waiter that cannot be served and lets the next one have it', async () => {
    const line = lineOf()
    const { shop, enter, open } = startShop(line)
    const picky = line.wait<string>(() => WAIT, { signal: () => new AbortController().signal })
    const call = enter('b')
    open(1)
    expect([await call, shop.slots, line.length]).toEqual(['b', 0, 1])
    vi.advanceTimersByTime(60_000)
    await expect(picky).rejects.toMatchObject({ code: 'queue-timeout' })
  })

  it('turns away one more than it holds, and says how many wait', async () => {
    const line = lineOf({ maxLength: 2 })
    const { enter, open } = startShop(line)
    const calls = [enter('a'), enter('b')]
    await expect(enter('c')).rejects.toMatchObject({ code: 'queue-full', queued: 2 })
    open(2)
    await Promise.all(calls)
    expect(line.length).toBe(0)
  })

  it('gives up after the timeout, not before', async () => {
    const line = lineOf({ timeoutMs: 500 })
    const call = startShop(line).enter('a')
    vi.advanceTimersByTime(499)
    expect(line.length).toBe(1)
    vi.advanceTimersByTime(1)
    await expect(call).rejects.toMatchObject({ code: 'queue-timeout', waitedMs: 500 })
    expect([line.length, vi.getTimerCount()]).toEqual([0, 0])
  })

  it.each([Number.POSITIVE_INFINITY, 1e12])('holds out for a timeout of %d ms', async (timeoutMs) => {
    const line = lineOf({ timeoutMs })
    const { enter, open } = startShop(line)
    const call = enter('a')
    vi.advanceTimersByTime(86_400_000)
    open(1)
    expect(await call).toBe('a')
  })
})

describe('an abort', () => {
  it('ends the wait with its reason and leaves nothing behind', async () => {
    const line = lineOf()
    const { shop, enter, open } = startShop(line)
    const controller = new AbortController()
    const calls = [enter('a', controller.signal), enter('b')]
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1)
    const reason = new Error('enough')
    controller.abort(reason)
    await expect(calls[0]).rejects.toBe(reason)
    expect([line.length, getEventListeners(controller.signal, 'abort').length]).toEqual([1, 0])
    open(2)
    expect([await calls[1], shop.served, vi.getTimerCount()]).toEqual(['b', ['b'], 0])
  })

  it('before the wait takes no place in the line', async () => {
    const line = lineOf()
    const { enter } = startShop(line)
    await expect(enter('a', AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough')
    expect([line.length, vi.getTimerCount()]).toEqual([0, 0])
  })

  it('has no listener left once the wait is over, however it ended', async () => {
    const line = lineOf({ timeoutMs: 10 })
    const { signal } = new AbortController()
    const { enter, open } = startShop(line)
    const served = enter('a', signal)
    open(1)
    await served
    const late = enter('b', signal)
    vi.advanceTimersByTime(10)
    await expect(late).rejects.toMatchObject({ code: 'queue-timeout' })
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })
})

describe('a time that a waiter was told', () => {
  it('wakes that waiter alone, without anybody waking the line', async () => {
    const line = lineOf()
    const { signal } = new AbortController()
    const asked = { a: 0, b: 0 }
    const waitUntil = (name: 'a' | 'b', untilMs: number) =>
      line.wait<string>(
        () => {
          asked[name] += 1
          return Date.now() >= untilMs ? { kind: 'taken', value: name } : { kind: 'wait', untilMs }
        },
        { signal: () => signal },
      )
    const calls = [waitUntil('a', 3_000), waitUntil('b', 1_000)] as const
    vi.advanceTimersByTime(1_000)
    expect([await calls[1], asked]).toEqual(['b', { a: 1, b: 2 }])
    vi.advanceTimersByTime(2_000)
    expect([await calls[0], asked, vi.getTimerCount()]).toEqual(['a', { a: 2, b: 2 }, 0])
  })

  it('may change with every answer', async () => {
    const times: number[] = []
    const answers = [100, 50, 400]
    const call = lineOf().wait<string>(
      () => {
        times.push(Date.now())
        const untilMs = answers.shift()
        return untilMs === undefined ? { kind: 'taken', value: 'a' } : { kind: 'wait', untilMs: Date.now() + untilMs }
      },
      { signal: () => new AbortController().signal },
    )
    await vi.advanceTimersByTimeAsync(1_000)
    expect([await call, times]).toEqual(['a', [0, 100, 150, 550]])
  })

  it('may lie beyond what timers hold', async () => {
    const line = lineOf()
    let asked = 0
    const call = line.wait<never>(
      () => {
        asked += 1
        return { kind: 'wait', untilMs: 1e13 }
      },
      { signal: () => new AbortController().signal },
    )
    vi.advanceTimersByTime(60_000)
    await expect(call).rejects.toMatchObject({ code: 'queue-timeout' })
    expect(asked).toBe(1)
  })
})

describe('a question that throws', () => {
  it('ends that wait alone', async () => {
    const line = lineOf()
    const { enter, open } = startShop(line)
    let isBroken = false
    const failing = line.wait<never>(
      () => {
        if (isBroken) throw new RangeError('gone')
        return WAIT
      },
      { signal: () => new AbortController().signal },
    )
    const call = enter('b')
    isBroken = true
    open(1)
    await expect(failing).rejects.toThrow('gone')
    expect([await call, line.length, vi.getTimerCount()]).toEqual(['b', 0, 0])
    await expect(
      line.wait(() => expect.unreachable('at once'), { signal: () => new AbortController().signal }),
    ).rejects.toThrow('at once')
  })
})

it.each([
  [{ maxLength: -1 }, 'queue.maxLength'],
  [{ maxLength: Number.NaN }, 'queue.maxLength'],
  [{ timeoutMs: 0 }, 'queue.timeoutMs'],
  [{ timeoutMs: Number.NaN }, 'queue.timeoutMs'],
])('refuses the settings %j by name', (settings, name) => {
  expect(() => lineOf(settings)).toThrow(RangeError)
  expect(() => lineOf(settings)).toThrow(name)
})

it('asks no second waiter of a kind after one was refused, and asks all of another kind', async () => {
  const line = new WaitingLine({}, () => 0)
  const asked: string[] = []
  const { signal } = new AbortController()
  let free = new Set<string>()
  const join = (name: string, kind: string): Promise<string> =>
    line.wait<string>(
      () => {
        asked.push(name)
        return free.delete(kind) ? { kind: 'taken', value: name } : { kind: 'wait', untilMs: Number.POSITIVE_INFINITY }
      },
      { signal: () => signal, kind },
    )
  const waits = [join('x1', 'x'), join('x2', 'x'), join('y1', 'y'), join('x3', 'x')]
  asked.length = 0
  free = new Set(['y'])
  line.wake()
  expect(asked).toEqual(['x1', 'y1'])
  free = new Set(['x'])
  line.wake()
  expect(asked.slice(2)).toEqual(['x1', 'x2'])
  expect([await waits[0], await waits[2], line.length]).toEqual(['x1', 'y1', 2])
})

describe('the first of a kind is told when to ask again, and when it leaves before', () => {
  /** One slot that nobody has; from `openAtMs` on, `slots` can be taken. */
  function startQueue() {
    const line = lineOf()
    const shop = { slots: 0, openAtMs: Number.POSITIVE_INFINITY }
    const take = (): Take<number> => {
      const nowMs = Date.now()
      if (nowMs < shop.openAtMs) return { kind: 'wait', untilMs: shop.openAtMs }
      if (shop.slots === 0) return WAIT
      shop.slots -= 1
      return { kind: 'taken', value: nowMs }
    }
    const join = (signal = new AbortController().signal) => line.wait(take, { signal: () => signal, kind: 'k' })
    return { line, shop, join }
  }

  it('by its abort, the next takes over', async () => {
    const { line, shop, join } = startQueue()
    const aborter = new AbortController()
    const waits = [join(aborter.signal), join()] as const
    Object.assign(shop, { slots: 1, openAtMs: 2_000 })
    line.wake()
    aborter.abort(new Error('first gone'))
    await expect(waits[0]).rejects.toThrow('first gone')
    await vi.advanceTimersByTimeAsync(2_000)
    expect([await waits[1], vi.getTimerCount()]).toEqual([2_000, 0])
  })

  it('by its time, the next takes over', async () => {
    const { line, shop, join } = startQueue()
    const first = join().catch((error) => error.code)
    await vi.advanceTimersByTimeAsync(1_000)
    const second = join()
    Object.assign(shop, { slots: 1, openAtMs: 60_500 })
    line.wake()
    await vi.advanceTimersByTimeAsync(59_500)
    expect([await first, await second]).toEqual(['queue-timeout', 60_500])
  })

  it('because it was served, the next asks as well', async () => {
    const { line, shop, join } = startQueue()
    const waits = [join(), join(), join()]
    Object.assign(shop, { slots: 2, openAtMs: 2_000 })
    line.wake()
    await vi.advanceTimersByTimeAsync(2_000)
    expect([await waits[0], await waits[1], line.length]).toEqual([2_000, 2_000, 1])
  })

  it('with many that leave at once, nobody is asked after having left', async () => {
    const { line, join } = startQueue()
    const aborters = Array.from({ length: 500 }, () => new AbortController())
    const waits = aborters.map(({ signal }) => join(signal).catch((error) => error.message))
    for (const aborter of aborters) aborter.abort(new Error('all gone'))
    expect(new Set(await Promise.all(waits))).toEqual(new Set(['all gone']))
    expect([line.length, vi.getTimerCount()]).toEqual([0, 0])
  })
})

it('lets no newcomer pass those that wait for the same when their moment has just come', async () => {
  const line = lineOf()
  const served: string[] = []
  const enter = (name: string, priority = 0) =>
    line.wait<string>(
      () => {
        if (Date.now() < 1_000 * (served.length + 1)) return { kind: 'wait', untilMs: 1_000 * (served.length + 1) }
        served.push(name)
        return { kind: 'taken', value: name }
      },
      { signal: () => new AbortController().signal, kind: 'k', priority },
    )
  const calls = [enter('first'), enter('second')]
  vi.setSystemTime(1_000)
  calls.push(enter('newcomer'))
  expect(served).toEqual(['first'])
  vi.setSystemTime(2_000)
  calls.push(enter('urgent', 1))
  await vi.advanceTimersByTimeAsync(5_000)
  await Promise.all(calls)
  expect(served).toEqual(['first', 'urgent', 'second', 'newcomer'])
})
