import { expect, it } from 'vitest'

it('exports what it promises', async () => {
  expect(Object.keys(await import('./index.ts')).sort()).toMatchInlineSnapshot(`
    [
      "GonkaClientError",
      "GonkaConfigError",
      "GonkaDiscoveryError",
      "GonkaError",
      "GonkaNoParticipantsError",
      "GonkaProofVerificationError",
      "GonkaRefreshError",
      "HEADERS",
      "NODE_ONLY_HEADERS",
      "PATHS",
      "anonymousRequest",
      "checkPlatform",
      "classifyNodeAnswer",
      "createParticipant",
      "createTextFile",
      "decodeActiveParticipants",
      "decodeBech32",
      "describeErrorCode",
      "encodeBech32",
      "formatAddress",
      "isModelId",
      "isPrivateHost",
      "isResignable",
      "parseAddress",
      "parseBlockTime",
      "parseEndpoint",
      "parseHttpUrl",
      "readBodyText",
      "readErrorText",
      "readNewUrl",
      "readProtobuf",
      "redactUrl",
      "runWithTimeout",
      "untilAborted",
    ]
  `)
})
