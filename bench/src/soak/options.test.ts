import { describe, expect, it } from 'vitest'
import { parseOptions } from './options.ts'

describe('the command line', () => {
  it('has defaults, with a seed by chance', () => {
    expect(parseOptions([], () => 0.5)).toEqual({
      durationS: 600,
      seed: 2 ** 31,
      inFlight: 200,
      json: false,
      help: false,
    })
  })

  it('takes every option', () => {
    const args = ['--duration', '60', '--seed', '7', '--in-flight', '20', '--json', '--help']
    expect(parseOptions(args)).toEqual({ durationS: 60, seed: 7, inFlight: 20, json: true, help: true })
  })

  it.each([
    [['--duration', '29'], '--duration must be a whole number >= 30; got "29".'],
    [['--duration', ''], '--duration must be a whole number >= 30; got "".'],
    [['--seed', '1e3'], '--seed must be a whole number >= 0; got "1e3".'],
    [['--in-flight', '0'], '--in-flight must be a whole number >= 1; got "0".'],
    [['--speed', '1'], "Unknown option '--speed'"],
  ])('refuses %j and says why', (args, message) => {
    expect(() => parseOptions(args)).toThrow(message)
  })
})
