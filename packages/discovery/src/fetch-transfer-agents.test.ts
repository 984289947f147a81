import { describe, expect, test } from 'vitest'
import { address, participant, toShapeA } from './fixtures/bundles.ts'
import { createDiscovery, rejectionOf } from './fixtures/discover.ts'
import { type Answer, json, node, startServer, text } from './fixtures/server.ts'
import type { DiscoveryResult, EndpointDiscoveryOptions } from './types.ts'

const bundle = toShapeA({ epochId: 7, participants: [participant(1), participant(2), participant(3)] })

const UNREADABLE = 'The list of transfer agents could not be read; participants are not filtered by it.'

function allowing(addresses: unknown): Answer {
  return json({ params: { transfer_agent_access_params: { allowed_transfer_addresses: addresses } } })
}

async function discover(
  params: Answer,
  options: EndpointDiscoveryOptions = {},
): Promise<{ result: DiscoveryResult; warnings: unknown[]; url: string; paths: string[] }> {
  const { url, paths } = await startServer(node({ participants: json(bundle), params }))
  const warnings: unknown[] = []
  const logger = { warn: (message: string, details?: object) => void warnings.push([message, details]) }
  const { discovery } = createDiscovery({ sourceUrl: url, logger, ...options })
  return { result: await discovery.discover(), warnings, url, paths }
}

const accepted = ({ participants }: DiscoveryResult): string[] => participants.map((one) => one.address)

describe('the list of the chain', () => {
  test('lets through only whom it names', async () => {
    const { result, warnings } = await discover(allowing([address(2).toUpperCase(), address(9)]))
    expect(accepted(result)).toEqual([address(2)])
    expect(result.rejected).toEqual([
      { address: address(1), reason: 'transfer-agent-not-allowed' },
      { address: address(3), reason: 'transfer-agent-not-allowed' },
    ])
    expect(warnings).toEqual([])
  })

  test.each([
    ['an empty list', allowing([])],
    ['a null list', allowing(null)],
    ['no list', json({ params: { transfer_agent_access_params: {} } })],
    ['a chain without the rule', json({ params: { epoch_params: { epoch_length: '100' } } })],
    ['a null rule', json({ params: { transfer_agent_access_params: null } })],
  ])('%s lets everyone through, without a warning', async (_name, params) => {
    const { result, warnings } = await discover(params)
    expect(accepted(result)).toHaveLength(3)
    expect(warnings).toEqual([])
  })

  test.each([
    ['404', json({ error: 'Not Found' }, 404), { code: 'discovery-failed', statusCode: 404 }],
    ['503 HTML', text('<html>', { status: 503 }), { code: 'discovery-failed', statusCode: 503 }],
    ['HTML', text('<html>'), { code: 'discovery-answer-invalid', statusCode: 200 }],
    ['another shape', json({ parameters: [] }), { code: 'discovery-answer-invalid', statusCode: 200 }],
    ['a list that is text', allowing(address(1)), { code: 'discovery-answer-invalid', statusCode: 200 }],
    ['a list with a number', allowing([address(1), 5]), { code: 'discovery-answer-invalid', statusCode: 200 }],
    ['a redirect', text('', { status: 302 }), { code: 'discovery-redirected', statusCode: 302 }],
  ])('%s lets everyone through, with a warning', async (_name, params, details) => {
    const { result, warnings, url, paths } = await discover(params)
    expect(accepted(result)).toHaveLength(3)
    expect(warnings).toEqual([[UNREADABLE, { sourceUrl: url, ...details }]])
    expect(paths).toHaveLength(2)
  })

  test('that never comes lets everyone through, with a warning', async () => {
    const sourceUrl = 'http://node.example'
    const fetch = (url: string): Promise<Response> =>
      url.includes('/v1/epochs/') ? Promise.resolve(Response.json(bundle)) : new Promise(() => {})
    const warnings: unknown[] = []
    const logger = { warn: (message: string, details?: object) => void warnings.push([message, details]) }
    const { discovery } = createDiscovery({ sourceUrl, fetch, logger, timeoutMs: 50 })
    expect(accepted(await discovery.discover())).toHaveLength(3)
    expect(warnings).toEqual([[UNREADABLE, { sourceUrl, code: 'discovery-timeout', statusCode: undefined }]])
  })

  test('is asked of the source that answered', async () => {
    const down = await startServer(json({}, 503))
    const up = await startServer(node({ participants: json(bundle), params: allowing([address(3)]) }))
    const { discovery } = createDiscovery({ sourceUrls: [down.url, up.url] })
    expect(accepted(await discovery.discover())).toEqual([address(3)])
    expect(down.paths).toEqual(['/v1/epochs/current/participants'])
  })
})

describe('a list of the user', () => {
  test('replaces the list of the chain, which is not asked for', async () => {
    const { result, paths } = await discover(allowing([address(1)]), { transferAgents: [address(3).toUpperCase()] })
    expect(accepted(result)).toEqual([address(3)])
    expect(paths).toHaveLength(1)
  })

  test('that is empty lets everyone through', async () => {
    const { result, paths } = await discover(allowing([address(1)]), { transferAgents: [] })
    expect(accepted(result)).toHaveLength(3)
    expect(paths).toHaveLength(1)
  })

  test('that names nobody of the epoch leaves nobody, and the error says so', async () => {
    const { url } = await startServer(node({ participants: json(bundle) }))
    const { discovery } = createDiscovery({ sourceUrl: url, transferAgents: [address(9)] })
    const error = await rejectionOf(discovery.discover())
    expect(error).toMatchObject({
      name: 'GonkaNoParticipantsError',
      code: 'no-participants',
      epoch: '7',
      sourceUrl: url,
    })
    expect(error.message).toContain('3 refused: not in the list of transfer agents')
  })
})
