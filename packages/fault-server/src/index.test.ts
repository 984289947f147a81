import { expect, it } from 'vitest'

it('names exactly this public surface', async () => {
  expect(Object.keys(await import('./index.ts')).sort()).toMatchInlineSnapshot(`
    [
      "FAULTS",
      "FAULT_NAMES",
      "HEALTHY_MODEL",
      "startFaultServer",
    ]
  `)
})
