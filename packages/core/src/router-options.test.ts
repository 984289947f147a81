import { expect, it } from 'vitest'
import { isMultiplexerError, Router } from './index-router.ts'

it.each([
  ['an empty name', { modelName: '' }, 'modelName'],
  ['a negative weight', { modelName: 'a', weight: -1 }, 'weight'],
  ['an infinite weight', { modelName: 'a', weight: Number.POSITIVE_INFINITY }, 'weight'],
  ['no slots at all', { modelName: 'a', maxConcurrent: 0 }, 'maxConcurrent'],
  ['half a tier', { modelName: 'a', tier: 0.5 }, 'tier'],
  ['a name that is taken', { modelName: 'taken' }, 'taken'],
])('refuses a member with %s', (_, options, named) => {
  const router = new Router()
  router.addModel({ baseURL: 'http://a.example/v1' }, { modelName: 'taken' })
  expect(() => router.addModel({ baseURL: 'http://a.example/v1' }, options)).toThrow(named)
})

it.each(['ftp://a.example', 'nonsense', 'http://user:secret@a.example/v1', 'http://a.example/v1?key=secret'])(
  'refuses the base URL %s without repeating it',
  (baseURL) => {
    expect(() => new Router().addModel({ baseURL }, { modelName: 'a' })).toThrow(/baseURL must be(?!.*secret)/)
  },
)

it('throws only the reason of the caller and its own errors', () => {
  expect(isMultiplexerError(new Error('x'))).toBe(false)
  expect(() => new Router({ deadlineMs: 0 })).toThrow('deadlineMs')
  expect(() => new Router({ timeouts: { idleMs: -1 } })).toThrow('timeouts.idleMs')
})
