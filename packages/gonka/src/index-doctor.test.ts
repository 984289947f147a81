import { expect, test } from 'vitest'

test('the public API of /doctor is exactly this', async () => {
  expect(Object.keys(await import('./index-doctor.ts')).sort()).toMatchInlineSnapshot(`
    [
      "runDoctor",
    ]
  `)
})
