import { expect, test } from 'vitest'
import { isModelId } from './is-model-id.ts'

test.each(['Qwen/Qwen3-235B-A22B-Instruct-2507-FP8', '模型/日本語-🦊', 'a b', '__proto__', 'x'.repeat(256)])(
  'takes %s',
  (id) => {
    expect(isModelId(id)).toBe(true)
  },
)

test.each(['', ' ', 'x'.repeat(257), '\u001b[2J', 'a\nb', 'a\u0085', 'a\u2028b', '\u202eoge', 5, null, ['a']])(
  'refuses %j',
  (value) => {
    expect(isModelId(value)).toBe(false)
  },
)
