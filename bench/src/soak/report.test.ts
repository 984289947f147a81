import { describe, expect, it } from 'vitest'
import { createResult } from './fixtures/create-result.ts'
import { formatProgress, formatResult } from './report.ts'

describe('the report of a soak', () => {
  it('says what was done, and each bound', () => {
    expect(formatResult(createResult())).toMatchInlineSnapshot(`
      "seed 1, 600 s, 200 calls in flight
      8 calls answered, 1 left by their readers, the longest took 7.1 s
      13 requests at the nodes, 6 failovers, epoch 36 at the end, 381 refreshes, 1 failed
      3 faults: hangs 1, killed 2
      1 streams broke off under their readers, who asked again: the multiplexer that delivers streams as they come
      cannot take back what it has delivered, and says so; the one that holds them until they are whole asks somebody else
      3 requests came to participants that had left and were still on the client's list
      this process was held up for 1.1 s at most, the network's for 0.8 s

      ok      calls lost                                                                     0  (0)
      ok      answers that differ from what was expected                                     0  (0)
      ok      streams interrupted where nothing was broken off                               0  (0)
      ok      streams interrupted that were to be held until whole                           0  (0)
      ok      healthy participants, the fewest in any second                                 1  (>= 1)
      ok      the latest call to a participant that had left                             4.1 s  (<= 8.2 s)
      ok      calls that never ended                                                         0  (0)
      ok      calls in flight or waiting at the end, by the statistics                       0  (0)
      ok      calls that the statistics miss or invent                                       0  (0)
      ok      heap after garbage collection, first and last third            35.4 and 35.4 MiB  (+4 MiB)
      ok      heap, slope                                                         0.00 MiB/min  (<= 0.50 MiB/min)
      ok      sockets, first and last third                                        500 and 500  (+200)
      ok      HTTP requests open, first and last third                             200 and 200  (+200)
      ok      timers, first and last third                                         300 and 300  (+200)
      ok      HTTP requests open once every call had ended                                   0  (0)
      ok      sockets left when the network was gone                                         0  (0)
      ok      timers left                                                                    0  (0)
      ok      listeners left on process                                                      0  (0)
      ok      listeners left on the signal of all calls                                      0  (0)
      ok      unhandled rejections and warnings                                              0  (0)

      every bound holds"
    `)
  })

  it('names the bounds that are broken, and what callers were told', () => {
    const { tally } = createResult()
    const text = formatResult({
      ...createResult(),
      tally: { ...tally, lost: 1 },
      complaints: [{ text: 'lost: all-models-failed', firstAtS: 7, count: 1_200 }],
      alarms: ['unhandled rejection: Error'],
    })
    expect(text).toContain('BROKEN  calls lost')
    expect(text).toContain('\n\n1,200 x, first after 7 s: lost: all-models-failed\n\nunhandled rejection: Error\n\n')
    expect(text).toMatch(/broken: calls lost; .*unhandled rejections and warnings$/)
  })

  it('has a line of progress', () => {
    const { tally, record, stats } = createResult()
    const progress = {
      tally: { ...tally, answered: 1_500 },
      status: record.status,
      inFlight: 200,
      failovers: stats.length,
    }
    expect(formatProgress(progress, 10)).toBe(
      '  10 s  150 calls/s  200 in flight  epoch 36  3 faults  2 failovers  1 interrupted  0 lost',
    )
    expect(formatProgress({ ...progress, status: undefined }, 10)).toContain('epoch -  0 faults')
  })
})
