import { describe, expect, it } from 'vitest'
import type { MemberOptions } from '../types.ts'
import { parseHealthOptions } from './health-options.ts'
import { parseModel, servedModels, upstreamModelFor } from './match-model.ts'
import { Member } from './member.ts'

function member(options: Partial<MemberOptions> = {}): Member {
  const transport = async () => new Response()
  return new Member(
    transport,
    { modelName: 'member', ...options, tier: 0 },
    parseHealthOptions({}, () => 0),
  )
}

function sent(options: Partial<MemberOptions>, model?: string): string | undefined {
  return upstreamModelFor(member(options), { path: '/chat/completions', model: parseModel(model) })
}

describe('the model that a member is sent', () => {
  it.each([undefined, '', 'auto', 'placeholder'])('is its default when the request says %j', (model) => {
    expect(sent({ models: ['m1', 'm2'], defaultModel: 'm2' }, model)).toBe('m2')
    expect(sent({ models: ['m1', 'm2'] }, model)).toBe('m1')
    expect(sent({}, model)).toBe('member')
  })

  it('is its default when the request names the member', () => {
    expect(sent({ models: ['m1', 'm2'], defaultModel: 'm2' }, 'member')).toBe('m2')
    expect(sent({ defaultModel: 'm' }, 'member')).toBe('m')
  })

  it('is the listed id when the member is named like one of its models', () => {
    expect(sent({ models: ['other', 'member'] }, 'member')).toBe('member')
  })

  it('is the alias target before anything else', () => {
    expect(sent({ models: ['m'], aliases: { m: 'm-2026' } }, 'm')).toBe('m-2026')
    expect(sent({ models: ['m'], aliases: { member: 'm-2026' } }, 'member')).toBe('m-2026')
    expect(sent({ models: [], aliases: { logical: 'm' } }, 'logical')).toBe('m')
  })

  it('is the requested one when it is listed, or when nothing is', () => {
    expect(sent({ models: ['m1', 'm2'] }, 'm2')).toBe('m2')
    expect(sent({}, 'anything')).toBe('anything')
    expect(sent({ models: ['m1'] }, 'm2')).toBeUndefined()
  })

  it('is none for an empty list, whatever is asked', () => {
    for (const model of [undefined, 'm', 'member']) expect(sent({ models: [] }, model)).toBeUndefined()
  })

  it.each(['constructor', '__proto__', 'toString'])('is not taken from the prototype of the aliases: %s', (model) => {
    expect(sent({ models: ['m'], aliases: { a: 'b' } }, model)).toBeUndefined()
  })
})

it('lists what a member can be asked for once each, without its name', () => {
  expect(servedModels(member({ models: ['m', 'n'], aliases: { logical: 'm', n: 'm' } }))).toEqual(['logical', 'n', 'm'])
})
