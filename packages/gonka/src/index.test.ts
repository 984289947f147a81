import { expect, test } from 'vitest'

test('the public API is exactly this', async () => {
  expect(Object.keys(await import('./index.ts')).sort()).toMatchInlineSnapshot(`
    [
      "EndpointDiscovery",
      "GonkaClientError",
      "GonkaConfig",
      "GonkaConfigError",
      "GonkaDiscoveryError",
      "GonkaError",
      "GonkaNoParticipantsError",
      "GonkaProofVerificationError",
      "GonkaRefreshError",
      "ModelRegistrar",
      "RefreshManager",
      "createChainClock",
      "createFileParticipantStore",
      "createFileTrustStore",
      "createMemoryParticipantStore",
      "createMemoryTrustStore",
      "createParticipant",
      "createSigner",
      "createSigningClientFactory",
      "createSigningFetch",
      "parseAddress",
      "parseEndpoint",
      "parseTrust",
      "registerGonkaModels",
    ]
  `)
})
