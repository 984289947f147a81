import { expect, it } from 'vitest'

it('exports what it promises', async () => {
  expect(Object.keys(await import('./index.ts')).sort()).toMatchInlineSnapshot(`
    [
      "GonkaClientError",
      "GonkaConfigError",
      "GonkaDiscoveryError",
      "createChainClock",
      "createSigner",
      "createSigningFetch",
      "createSystemClock",
      "gonkaAddress",
      "signRequest",
      "signatureInput",
    ]
  `)
  expect(Object.keys(await import('./index-openai.ts')).sort()).toMatchInlineSnapshot(`
    [
      "GonkaClientFactory",
    ]
  `)
})
