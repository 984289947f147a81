import { expect, test } from 'vitest'

test('exports exactly the public names', async () => {
  expect(Object.keys(await import('./index.ts')).sort()).toMatchInlineSnapshot(`
    [
      "EndpointDiscovery",
      "GonkaConfigError",
      "GonkaDiscoveryError",
      "GonkaNoParticipantsError",
      "GonkaProofVerificationError",
      "createFileTrustStore",
      "createMemoryTrustStore",
      "parseTrust",
    ]
  `)
})
