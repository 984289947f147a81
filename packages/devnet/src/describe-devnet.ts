import type { Devnet, DevnetMode } from './types.ts'

/** What the CLI prints with `--json`. */
export function toSummary(devnet: Devnet, mode: DevnetMode): object {
  return {
    url: devnet.url,
    mode,
    epochId: devnet.epochId,
    chainId: devnet.chainId,
    trust: devnet.trustAnchor(),
    participants: devnet.nodes.map(({ index, address, url, weight, models }) => ({
      index,
      address,
      url,
      weight,
      models,
    })),
    account: devnet.account,
    apiKey: devnet.apiKey,
  }
}

/** What the CLI prints for people: who runs where, and lines to paste. */
export function toText(devnet: Devnet, mode: DevnetMode): string {
  const trust = devnet.trustAnchor()
  const rows = devnet.nodes.map(({ url, address, weight, models }) =>
    [url, address, String(weight).padStart(6), models.join(',')].join('  '),
  )
  return [
    `Gonka devnet, mode ${mode}, epoch ${devnet.epochId}, chain ${devnet.chainId}`,
    `Block to trust: ${trust.height} ${trust.hash}`,
    '',
    ...rows,
    '',
    ...(mode === 'gateway' ? gatewayLines(devnet) : signedLines(devnet)),
    '',
    'Ctrl-C stops it.',
    '',
  ].join('\n')
}

function signedLines({ url, account }: Devnet): string[] {
  return [
    'A funded test account and a source for discovery (never use this key elsewhere):',
    `export GONKA_PRIVATE_KEY=${account.privateKey}`,
    `export GONKA_SOURCE_URL=${url}`,
    '',
    `curl ${url}/v1/epochs/current/participants`,
  ]
}

function gatewayLines({ url, apiKey, nodes }: Devnet): string[] {
  const body = JSON.stringify({ model: nodes[0]?.models[0], messages: [{ role: 'user', content: 'Hello' }] })
  return [
    'Ordinary OpenAI requests with a key:',
    `export OPENAI_BASE_URL=${url}/v1`,
    `export OPENAI_API_KEY=${apiKey}`,
    '',
    `curl ${url}/v1/chat/completions -H 'Authorization: Bearer ${apiKey}' -H 'Content-Type: application/json' -d '${body}'`,
  ]
}
