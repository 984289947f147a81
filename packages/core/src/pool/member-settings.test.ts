import { describe, expect, it } from 'vitest'
import type { MemberOptions } from '../types.ts'
import { parseMemberSettings } from './member-settings.ts'

describe('the options of a member', () => {
  it('have the documented defaults', () => {
    expect(parseMemberSettings({ modelName: 'a' })).toEqual({
      weight: 1,
      tier: 0,
      group: 'a',
      models: undefined,
      aliases: {},
      defaultModel: undefined,
      maxConcurrent: Number.POSITIVE_INFINITY,
      rpm: Number.POSITIVE_INFINITY,
      tpm: Number.POSITIVE_INFINITY,
      classify: undefined,
    })
  })

  it('are copied: a later change of the caller’s lists does not reach the pool', () => {
    const models = ['m']
    const aliases = { logical: 'm' }
    const settings = parseMemberSettings({ modelName: 'a', models, aliases })
    models.push('n')
    aliases.logical = 'n'
    expect([settings.models, settings.aliases]).toEqual([['m'], { logical: 'm' }])
  })

  const wrong: [string, Record<string, unknown>, string][] = [
    ['an empty name', { modelName: '' }, 'modelName must be a non-empty string'],
    ['a missing name', { modelName: undefined }, 'modelName must be a non-empty string'],
    ['a negative weight', { weight: -1 }, 'weight must be a finite number >= 0, at most 1e+100; got -1'],
    ['an infinite weight', { weight: Number.POSITIVE_INFINITY }, 'weight must be a finite number'],
    [
      'a weight that is no number',
      { weight: Number.NaN },
      'weight must be a finite number >= 0, at most 1e+100; got NaN',
    ],
    ['a weight whose sums are infinite', { weight: 1e308 }, 'at most 1e+100; got 1e+308'],
    ['half a character in the name', { modelName: 'a\ud800' }, 'modelName must be well-formed text'],
    ['half a tier', { tier: 0.5 }, 'tier must be a whole number >= 0; got 0.5'],
    ['a limit of zero', { maxConcurrent: 0 }, 'maxConcurrent must be a whole number >= 1'],
    ['half a limit', { maxConcurrent: 1.5 }, 'maxConcurrent must be a whole number >= 1'],
    ['one model as text', { models: 'gpt-4' }, 'models must be an array of strings'],
    ['a model that is no text', { models: [1] }, 'models must be an array of strings'],
  ]
  it.each(wrong)('are refused with %s', (_, options, message) => {
    const parse = () => parseMemberSettings({ modelName: 'a', ...options } as MemberOptions)
    expect(parse).toThrow(message)
  })
})
