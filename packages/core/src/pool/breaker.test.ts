import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Breaker, type BreakerOptions, type BreakerTicket } from './breaker.ts'

const OPTIONS: BreakerOptions = {
  failureThreshold: 3,
  cooldownMs: 1_000,
  maxCooldownMs: 8_000,
  jitter: 0,
  random: () => 0,
}

function failTimes(breaker: Breaker, times: number, nowMs: number): boolean[] {
  return Array.from({ length: times }, () => breaker.fail(breaker.enter(), { nowMs, immediate: false }))
}

/** Opens a breaker at `nowMs` and returns its end. */
function open(breaker: Breaker, nowMs: number, pauseMs?: number): number {
  breaker.fail(breaker.enter(), { nowMs, immediate: true, pauseMs })
  return breaker.readyAtMs
}

describe('opening', () => {
  it('stays closed below the threshold and opens with the failure that reaches it', () => {
    const breaker = new Breaker(OPTIONS)
    expect(failTimes(breaker, 3, 50)).toEqual([false, false, true])
    expect([breaker.phase(50), breaker.phase(1_049), breaker.phase(1_050)]).toEqual(['open', 'open', 'halfOpen'])
    expect(breaker.readyAtMs).toBe(1_050)
  })

  it('counts failures in a row only', () => {
    const breaker = new Breaker(OPTIONS)
    failTimes(breaker, 2, 0)
    expect(breaker.succeed(breaker.enter())).toBe(false)
    expect(failTimes(breaker, 2, 0)).toEqual([false, false])
    expect(breaker.phase(0)).toBe('closed')
  })

  it('takes 500 failures of attempts that ran at once as one opening', () => {
    const breaker = new Breaker(OPTIONS)
    const tickets = Array.from({ length: 500 }, () => breaker.enter())
    const openings = tickets.map((ticket, i) => breaker.fail(ticket, { nowMs: i, immediate: false }))
    expect(openings.filter(Boolean)).toHaveLength(1)
    expect(breaker.readyAtMs).toBe(2 + 1_000)
  })

  it('does not close for a success of an attempt that started before it opened', () => {
    const breaker = new Breaker(OPTIONS)
    const early = breaker.enter()
    const untilMs = open(breaker, 0)
    expect(breaker.succeed(early)).toBe(false)
    expect([breaker.phase(0), breaker.readyAtMs]).toEqual(['open', untilMs])
  })
})

describe('the pause', () => {
  it('doubles with every opening, up to the cap, and starts anew after a recovery', () => {
    const breaker = new Breaker(OPTIONS)
    let nowMs = 0
    const pauses = Array.from({ length: 6 }, () => {
      const pauseMs = open(breaker, nowMs) - nowMs
      nowMs = breaker.readyAtMs
      return pauseMs
    })
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 8_000, 8_000])
    expect(breaker.succeed(breaker.enter())).toBe(true)
    expect(open(breaker, nowMs) - nowMs).toBe(1_000)
  })

  it('is lengthened by chance, by no more than the jitter', () => {
    const pauseAt = (chance: number) => open(new Breaker({ ...OPTIONS, jitter: 0.2, random: () => chance }), 0)
    expect([pauseAt(0), pauseAt(0.5), pauseAt(0.999_999)]).toEqual([1_000, 1_100, 1_200])
  })

  it('is the one that the upstream asked for, beyond the cap too', () => {
    expect(open(new Breaker(OPTIONS), 5, 60_000)).toBe(60_005)
    expect(open(new Breaker(OPTIONS), 5, 0)).toBe(5)
  })

  it('is extended by a later and longer request, never shortened, and only by requests', () => {
    const breaker = new Breaker(OPTIONS)
    const late = [breaker.enter(), breaker.enter(), breaker.enter()] as const
    open(breaker, 0, 5_000)
    expect(breaker.fail(late[0], { nowMs: 100, immediate: true, pauseMs: 1_000 })).toBe(false)
    expect(breaker.readyAtMs).toBe(5_000)
    expect(breaker.fail(late[1], { nowMs: 200, immediate: true, pauseMs: 30_000 })).toBe(false)
    expect(breaker.readyAtMs).toBe(30_200)
    breaker.fail(late[2], { nowMs: 30_000, immediate: false })
    expect(breaker.readyAtMs).toBe(30_200)
  })

  it('is kept when it was asked for after the breaker had closed again', () => {
    const breaker = new Breaker(OPTIONS)
    const late = breaker.enter()
    open(breaker, 0, 0)
    breaker.succeed(breaker.enter())
    expect(breaker.fail(late, { nowMs: 10, immediate: true, pauseMs: 90_000 })).toBe(true)
    expect([breaker.phase(10), breaker.readyAtMs]).toEqual(['open', 90_010])
  })

  it('of zero stays zero however often it is doubled', () => {
    const breaker = new Breaker({ ...OPTIONS, cooldownMs: 0 })
    for (let opening = 0; opening < 1_100; opening++) open(breaker, 7)
    expect([breaker.readyAtMs, breaker.phase(7)]).toEqual([7, 'halfOpen'])
  })
})

describe('the probe', () => {
  it('closes the breaker when it succeeds and opens it again when it fails', () => {
    const breaker = new Breaker(OPTIONS)
    open(breaker, 0)
    expect(breaker.fail(breaker.enter(), { nowMs: 1_000, immediate: false })).toBe(true)
    expect(breaker.readyAtMs).toBe(3_000)
    const probe = breaker.enter()
    expect(breaker.isProbing).toBe(true)
    expect(breaker.succeed(probe)).toBe(true)
    expect([breaker.isProbing, breaker.phase(3_000), breaker.readyAtMs]).toEqual([false, 'closed', 0])
  })

  it('is free for the next attempt when it was released without a result', () => {
    const breaker = new Breaker(OPTIONS)
    open(breaker, 0)
    breaker.release(breaker.enter())
    expect([breaker.isProbing, breaker.phase(1_000)]).toEqual([false, 'halfOpen'])
    expect(breaker.succeed(breaker.enter())).toBe(true)
  })

  it('is not touched by an attempt from before the opening that ends while it runs', () => {
    const breaker = new Breaker(OPTIONS)
    const early = [breaker.enter(), breaker.enter(), breaker.enter()] as const
    open(breaker, 0)
    const probe = breaker.enter()
    breaker.release(early[0])
    breaker.succeed(early[1])
    breaker.fail(early[2], { nowMs: 1_000, immediate: true })
    expect(breaker.isProbing).toBe(true)
    expect(breaker.succeed(probe)).toBe(true)
  })
})

/** What the breaker promises, said as plainly as possible: attempts of an earlier epoch count for nothing but
 * the pause they were asked for. */
class Oracle {
  epoch = 0
  untilMs: number | undefined
  failures = 0
  openings = 0
  probe = false

  admits(nowMs: number): boolean {
    return this.untilMs === undefined || (nowMs >= this.untilMs && !this.probe)
  }

  close(): void {
    this.turn(undefined)
    this.openings = 0
  }

  open(untilMs: number): void {
    this.turn(untilMs)
    this.openings += 1
  }

  private turn(untilMs: number | undefined): void {
    this.epoch += 1
    this.untilMs = untilMs
    this.failures = 0
    this.probe = false
  }
}

interface Running {
  readonly ticket: BreakerTicket
  readonly epoch: number
  readonly isProbe: boolean
}

interface Model {
  nowMs: number
  readonly oracle: Oracle
  readonly running: Running[]
}

type Command = fc.Command<Model, Breaker>

function command(
  name: string,
  run: (model: Model, breaker: Breaker) => void,
  check?: (model: Model) => boolean,
): Command {
  return {
    check: check ?? (() => true),
    run: (model, breaker) => {
      run(model, breaker)
      const { oracle, nowMs } = model
      expect(breaker.readyAtMs).toBe(oracle.untilMs ?? 0)
      expect(breaker.isProbing).toBe(oracle.probe)
      const phase = oracle.untilMs === undefined ? 'closed' : nowMs < oracle.untilMs ? 'open' : 'halfOpen'
      expect(breaker.phase(nowMs)).toBe(phase)
    },
    toString: () => name,
  }
}

function takeRunning({ running }: Model, index: number): Running {
  return running.splice(index % running.length, 1)[0]!
}

const hasRunning = ({ running }: Model): boolean => running.length > 0

const enter = command(
  'enter',
  (model, breaker) => {
    const isProbe = model.oracle.untilMs !== undefined
    if (isProbe) model.oracle.probe = true
    model.running.push({ ticket: breaker.enter(), epoch: model.oracle.epoch, isProbe })
  },
  ({ oracle, nowMs }) => oracle.admits(nowMs),
)

const pass = fc.nat(12_000).map((ms) =>
  command(`pass ${ms} ms`, (model) => {
    model.nowMs += ms
  }),
)

const succeed = fc.nat().map((index) =>
  command(
    `succeed #${index}`,
    (model, breaker) => {
      const { oracle } = model
      const { ticket, epoch, isProbe } = takeRunning(model, index)
      const isCurrent = epoch === oracle.epoch
      expect(breaker.succeed(ticket)).toBe(isCurrent && isProbe)
      if (isCurrent && isProbe) oracle.close()
      else if (isCurrent) oracle.failures = 0
    },
    hasRunning,
  ),
)

const release = fc.nat().map((index) =>
  command(
    `release #${index}`,
    (model, breaker) => {
      const { ticket, epoch } = takeRunning(model, index)
      breaker.release(ticket)
      if (epoch === model.oracle.epoch) model.oracle.probe = false
    },
    hasRunning,
  ),
)

const fail = fc
  .record({ index: fc.nat(), immediate: fc.boolean(), pauseMs: fc.option(fc.nat(40_000), { nil: undefined }) })
  .map(({ index, immediate, pauseMs }) =>
    command(
      `fail #${index} ${immediate ? 'at once' : ''} ${pauseMs ?? ''}`,
      (model, breaker) => {
        const { oracle, nowMs } = model
        const { ticket, epoch, isProbe } = takeRunning(model, index)
        const opened = breaker.fail(ticket, { nowMs, immediate, pauseMs })
        const isHeeded = oracle.untilMs === undefined && pauseMs !== undefined
        if (epoch !== oracle.epoch && !isHeeded) {
          expect(opened).toBe(false)
          const asksForMore = oracle.untilMs !== undefined && pauseMs !== undefined && nowMs + pauseMs > oracle.untilMs
          if (asksForMore) oracle.untilMs = nowMs + pauseMs
          return
        }
        oracle.failures += 1
        const opens = isProbe || immediate || oracle.failures >= OPTIONS.failureThreshold
        expect(opened).toBe(opens)
        if (opens) oracle.open(nowMs + (pauseMs ?? Math.min(1_000 * 2 ** oracle.openings, 8_000)))
      },
      hasRunning,
    ),
  )

describe('any history of attempts', () => {
  it('leaves the breaker where the plain model is', () => {
    const commands = fc.commands([fc.constant(enter), fc.constant(enter), pass, succeed, release, fail], {
      maxCommands: 200,
    })
    fc.assert(
      fc.property(commands, (history) => {
        const setup = () => ({ model: { nowMs: 0, oracle: new Oracle(), running: [] }, real: new Breaker(OPTIONS) })
        fc.modelRun(setup, history)
      }),
      { numRuns: 300 },
    )
  })
})
