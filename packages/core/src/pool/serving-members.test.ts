import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { ModelSelectionError } from '../errors.ts'
import { asking, nameOf, poolOf, take } from './fixtures/pool-of.ts'

describe('which members serve a request', () => {
  it('is the one that is named, alone, even when another serves a model of that name', () => {
    const pool = poolOf([
      { modelName: 'a', models: ['m'], tier: 1, maxConcurrent: 1 },
      { modelName: 'b', models: ['a'] },
    ])
    const lease = take(pool, 'a')
    expect([nameOf(lease), lease.upstreamModel]).toEqual(['a', 'm'])
    expect(pool.reserve(asking('a'), 0)).toMatchObject({ kind: 'wait', busy: true })
  })

  it('never is a member with an empty list', () => {
    const pool = poolOf([
      { modelName: 'mute', models: [] },
      { modelName: 'b', models: ['m'], tier: 5 },
    ])
    expect(nameOf(take(pool))).toBe('b')
    expect(() => pool.reserve(asking('mute'), 0)).toThrow(ModelSelectionError)
  })

  it('is nobody for an unknown model: the error lists what is served, aliases too, and no member name', () => {
    const pool = poolOf([
      { modelName: 'a', models: ['m2', 'm1'] },
      { modelName: 'b', models: ['m1'], aliases: { chat: 'm1' } },
    ])
    const error = catchError(() => pool.reserve(asking('gpt-9'), 0))
    expect(error).toMatchObject({ code: 'model-unknown', model: 'gpt-9', available: ['chat', 'm1', 'm2'] })
    expect(error.message).toBe('No member serves the model "gpt-9"; the pool serves chat, m1, m2.')
  })

  it('is nobody in an empty pool, and the error says how to fill it', () => {
    const error = catchError(() => poolOf([]).reserve(asking('m'), 0))
    expect(error).toMatchObject({ code: 'no-members', available: [] })
    expect(error.message).toContain('addModel()')
  })

  it('is said within bounds when the name or the list is endless', () => {
    const models = Array.from({ length: 1_000 }, (_, i) => `model-${i}`)
    const error = catchError(() => poolOf([{ modelName: 'a', models }]).reserve(asking('x'.repeat(100_000)), 0))
    expect(error.message.length).toBeLessThan(600)
  })
})

function catchError(run: () => unknown): Error {
  try {
    run()
  } catch (error) {
    if (error instanceof Error) return error
  }
  throw new Error(`nothing was thrown by ${inspect(run)}`)
}
