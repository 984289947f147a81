import { expect, it } from 'vitest'
import { type Attempt, createVerdict } from '../verdict.ts'
import { describeFailure } from './describe-failure.ts'

function attempt(member: string, reason?: string): Attempt {
  return { member, verdict: createVerdict('unavailable', { reason }), ms: 1 }
}

const NOTHING = { suspensions: [], retryAfterMs: undefined }

it.each([
  [[], NOTHING, 'No member could be tried.'],
  [[attempt('a')], NOTHING, 'The only attempt failed (a: unavailable).'],
  [[attempt('a', 'HTTP 500'), attempt('b')], NOTHING, 'All 2 attempts failed (a: HTTP 500; b: unavailable).'],
  [
    [],
    { ...NOTHING, suspensions: ['no balance', 'retired'] },
    'No member could be tried. Suspended: no balance; retired.',
  ],
  [[], { ...NOTHING, retryAfterMs: 1_001 }, 'No member could be tried. The first member is expected back in 2 s.'],
])('says why nobody answered (%#)', (trail, details, sentence) => {
  expect(describeFailure(trail, details)).toBe(sentence)
})

it('stays short after a thousand attempts', () => {
  const trail = Array.from({ length: 1_000 }, (_, i) => attempt(`m${i}`))
  const sentence = describeFailure(trail, NOTHING)
  expect(sentence).toContain('m4: unavailable; and 995 more')
  expect(sentence.length).toBeLessThan(200)
})
