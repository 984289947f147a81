import { expect, onTestFinished, test, vi } from 'vitest'
import { anonymousRequest } from './anonymous-request.ts'

test('brings no cookies, no cached answer, and follows nothing', () => {
  expect(anonymousRequest()).toEqual({ redirect: 'manual', credentials: 'omit', cache: 'no-store' })
})

test.each([
  [['cache'], { redirect: 'manual', cache: 'no-store' }],
  [['credentials'], { redirect: 'manual', credentials: 'omit' }],
  [[], { redirect: 'manual' }],
])('asks for nothing that the platform would throw on: it knows %j', (known, expected) => {
  onTestFinished(() => void vi.unstubAllGlobals())
  const prototype = Object.fromEntries(known.map((field) => [field, undefined]))
  vi.stubGlobal(
    'Request',
    Object.assign(() => {}, { prototype }),
  )
  expect(anonymousRequest()).toEqual(expected)
})
