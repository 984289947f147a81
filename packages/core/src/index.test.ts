import { expect, it } from 'vitest'

it('exports exactly the documented names', async () => {
  expect(Object.keys(await import('./index.ts')).sort()).toMatchInlineSnapshot(`
    [
      "AllModelsFailedError",
      "DeadlineExceededError",
      "ModelSelectionError",
      "Multiplexer",
      "MultiplexerError",
      "QueueFullError",
      "QueueTimeoutError",
      "Router",
      "StreamInterruptedError",
      "attemptsOf",
      "createVerdict",
      "isMultiplexerError",
    ]
  `)
  expect(Object.keys(await import('./index-router.ts')).sort()).toMatchInlineSnapshot(`
    [
      "AllModelsFailedError",
      "DeadlineExceededError",
      "ModelSelectionError",
      "MultiplexerError",
      "QueueFullError",
      "QueueTimeoutError",
      "Router",
      "StreamInterruptedError",
      "attemptsOf",
      "createVerdict",
      "isMultiplexerError",
    ]
  `)
  expect(Object.keys(await import('./index-errors.ts')).sort()).toMatchInlineSnapshot(`
    [
      "AllModelsFailedError",
      "DeadlineExceededError",
      "ModelSelectionError",
      "MultiplexerError",
      "QueueFullError",
      "QueueTimeoutError",
      "StreamInterruptedError",
      "checkPlatform",
      "createVerdict",
      "isMultiplexerError",
    ]
  `)
})
