import { expect, test } from 'vitest'

test('exports what the README names', async () => {
  expect(Object.keys(await import('./index.ts')).sort()).toMatchInlineSnapshot(`
    [
      "LIES",
      "startDevnet",
      "verifyRequestSignature",
    ]
  `)
})
