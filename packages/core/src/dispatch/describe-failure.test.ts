import { expect, it } from 'vitest'
import { type Attempt, createVerdict } from '../verdict.ts'
import { describeFailure } from './describe-failure.ts'

function attempt(member: string, reason?: string): Attempt {
  return { member, verdict: createVerdict('unavailable', { reason }), ms: 1 }
}

const NOTHING = { resting: [], suspensions: [], retryAfterMs: undefined }

it.each([
  [[], NOTHING, 'No member could be tried.'],
  [[attempt('a')], NOTHING, 'The only attempt failed (a: unavailable).'],
  [[attempt('a', 'HTTP 500'), attempt('b')], NOTHING, 'All 2 attempts failed (a: HTTP 500; b: unavailable).'],
  [
    [],
    { ...NOTHING, suspensions: ['no balance', 'retired'] },
    'No member could be tried. Suspended: no balance; retired.',
  ],
  [
    [attempt('a', 'retired (410)')],
    { ...NOTHING, suspensions: ['retired (410)'] },
    'The only attempt failed (a: retired (410)).',
  ],
  [
    [],
    { ...NOTHING, resting: ['a: HTTP 503', 'b: HTTP 429'], retryAfterMs: 900 },
    'No member could be tried. Left alone after a failure: a: HTTP 503; b: HTTP 429. The first member is expected back in 1 s.',
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
  const resting = trail.map(({ member }) => `${member}: HTTP 503`)
  expect(describeFailure([], { ...NOTHING, resting })).toContain('m4: HTTP 503; and 995 more')
})
