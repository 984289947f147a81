import { expect, test } from 'vitest'
import { classifyAttempt } from './classify-attempt.ts'

test('an empty balance suspends the group', () => {
  const verdict = classifyAttempt({ status: 402, bodyText: '{"error":"Insufficient balance"}' })
  expect(verdict).toMatchObject({ kind: 'suspended', scope: 'group' })
})

test('the content type tells a proxy page from a node answer', () => {
  const headers = new Headers({ 'content-type': 'text/html' })
  expect(classifyAttempt({ status: 503, headers, bodyText: 'busy' })?.kind).toBe('rate-limited')
  expect(classifyAttempt({ status: 503, bodyText: 'busy' })).toBeUndefined()
})

test('attempts without an answer and refusals of any server are left to the defaults', () => {
  expect(classifyAttempt({ error: new Error('reset') })).toBeUndefined()
  expect(classifyAttempt({ status: 500 })).toBeUndefined()
})

test('a new URL that a 308 names is in the reason', () => {
  const bodyText = '{"status":308,"message":"moved","new_url":"https://new.example/v1?token=hunter2"}'
  expect(classifyAttempt({ status: 308, bodyText })).toMatchObject({
    kind: 'suspended',
    reason: expect.stringMatching(/it names https:\/\/new\.example\/v1$/),
  })
})
