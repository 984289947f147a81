import { expect, test } from 'vitest'

test('exports exactly the public names', async () => {
  expect(Object.keys(await import('./index.ts')).sort()).toMatchInlineSnapshot(`
    [
      "GonkaDiscoveryError",
      "GonkaProofVerificationError",
      "LightClient",
      "createEd25519Verify",
      "createMemoryTrustStore",
      "createRpcSource",
      "formatTrustedState",
      "hashHeader",
      "hashValidators",
      "parseCommit",
      "parseHeader",
      "parseSignedHeader",
      "parseTrustedState",
      "parseValidators",
      "verifyCommit",
      "verifyLightBlock",
      "voteSignBytes",
    ]
  `)
})
