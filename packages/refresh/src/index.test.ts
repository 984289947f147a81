import { expect, test } from 'vitest'

test('the public API is exactly this', async () => {
  expect(Object.keys(await import('./index.ts')).sort()).toMatchInlineSnapshot(`
    [
      "RefreshManager",
      "createFileParticipantStore",
      "createMemoryParticipantStore",
      "createParticipantArchive",
    ]
  `)
})
