import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRpcSource } from './create-rpc-source.ts'
import { clockAt, createChain, signBlock } from './fixtures/chain.ts'
import { formatCommit } from './fixtures/format-commit.ts'
import { createMember, createMembers, sortMembers } from './fixtures/members.ts'
import { handled, pageOf, type Script, sendJson, startNode, startServer } from './fixtures/node.ts'
import { rejectionOf } from './fixtures/refusals.ts'
import { formatHeader } from './format-rpc.ts'
import { hashHeader } from './hash-header.ts'
import { hashValidators } from './hash-validators.ts'
import { LightClient } from './light-client.ts'
import { verifyCommit } from './verify-commit.ts'

const FOUR = createMembers({ a: 10n, b: 10n, c: 10n, d: 10n })
const CHAIN = createChain({ length: 60, members: () => FOUR })
const MANY = sortMembers(Array.from({ length: 230 }, (_, index) => createMember(`many${index}`, BigInt(index + 1))))
const BIG = createChain({ length: 3, members: () => MANY })

/** A node that lies about its validators. */
const validatorsLie =
  (lie: (url: URL) => unknown): Script =>
  (url) =>
    url.pathname === '/chain-rpc/validators' ? lie(url) : undefined

const pageIn = (url: URL): number => Number(url.searchParams.get('page'))

describe('a node', () => {
  test('gives headers with their commits', async () => {
    const { url, paths } = await startNode(CHAIN)
    const { header, commit } = await createRpcSource({ url: `${url}/` }).signedHeader(50n)
    expect(header).toEqual(CHAIN.header(50n))
    expect(commit).toEqual(CHAIN.block(50n).commit)
    expect(paths).toEqual(['/chain-rpc/commit?height=50'])
  })

  test('gives its newest header', async () => {
    const { url, paths } = await startNode(CHAIN)
    expect((await createRpcSource({ url }).signedHeader('latest')).header).toEqual(CHAIN.header(60n))
    expect(paths).toEqual(['/chain-rpc/commit'])
  })

  test('may have seen other votes for its newest block than will be canonical', async () => {
    const { header, validators } = CHAIN.block(60n)
    const { commit } = signBlock(header, CHAIN.members(60n), ['commit', 'commit', 'commit', 'absent'])
    const signed_header = { header: formatHeader(header), commit: formatCommit(commit) }
    const fetch = async (): Promise<Response> => Response.json({ result: { signed_header, canonical: false } })
    const seen = await createRpcSource({ url: 'http://node.example', fetch }).signedHeader('latest')
    expect(verifyCommit({ chainId: header.chainId, validators, ...seen })).toEqual(CHAIN.hash(60n))
  })

  test('gives a set in as many pages as it takes', async () => {
    const { url, paths } = await startNode(BIG)
    const validators = await createRpcSource({ url }).validators(2n)
    expect(hashValidators(validators)).toEqual(BIG.header(2n).validatorsHash)
    expect(paths).toEqual([1, 2, 3].map((page) => `/chain-rpc/validators?height=2&page=${page}&per_page=100`))
  })

  test('gives a set also when its pages are shorter than asked', async () => {
    const script = validatorsLie((url) => {
      url.searchParams.set('per_page', '30')
      return pageOf(BIG, url)
    })
    const { url } = await startNode(BIG, script)
    expect(await createRpcSource({ url }).validators(2n)).toHaveLength(230)
  })

  test('says what it believes to be the newest height', async () => {
    const { url } = await startNode(CHAIN)
    const status = await createRpcSource({ url }).status()
    expect(status).toEqual({ chainId: 'gonka-test-1', latestHeight: 60n, catchingUp: false })
  })

  test('may say that there was no error', async () => {
    const result = { node_info: { network: 'x' }, sync_info: { catching_up: true } }
    const fetch = async (): Promise<Response> => Response.json({ error: null, result })
    expect(await createRpcSource({ url: 'http://node.example', fetch }).status()).toMatchObject({ chainId: 'x' })
  })

  test('is asked without credentials and below the path of its URL', async () => {
    const asked: [string, RequestInit | undefined][] = []
    const fetch = async (url: string, init?: RequestInit): Promise<Response> => {
      asked.push([url, init])
      return Response.json({ result: { node_info: { network: 'x' }, sync_info: { catching_up: true } } })
    }
    await createRpcSource({ url: 'https://node.example/deep/', fetch }).status()
    expect(asked[0]?.[0]).toBe('https://node.example/deep/chain-rpc/status')
    expect(asked[0]?.[1]).toMatchObject({ method: 'GET', redirect: 'manual', credentials: 'omit' })
  })
})

describe('a node that lies about validators', () => {
  test.each<[string, (url: URL) => unknown]>([
    ['a total larger than delivered', (url) => ({ ...pageOf(CHAIN, url), total: '5' })],
    ['a total smaller than delivered', (url) => ({ ...pageOf(CHAIN, url), total: '3' })],
    ['a total of 0', (url) => ({ ...pageOf(CHAIN, url), total: '0' })],
    ['a total above the limit', (url) => ({ ...pageOf(CHAIN, url), total: '10001' })],
    ['no total', (url) => ({ ...pageOf(CHAIN, url), total: undefined })],
    ['another height', (url) => ({ ...pageOf(CHAIN, url), block_height: '51' })],
    ['no height', (url) => ({ ...pageOf(CHAIN, url), block_height: undefined })],
    ['an answer that is a text', () => 'validators'],
  ])('(70) %s', async (_name, lie) => {
    const { url } = await startNode(CHAIN, validatorsLie(lie))
    const error = await rejectionOf(createRpcSource({ url }).validators(50n))
    expect(error).toMatchObject({ name: 'GonkaProofVerificationError', code: 'rpc-answer-invalid' })
  })

  test('(70) a total that changes in between', async () => {
    const script = validatorsLie((url) => ({ ...pageOf(BIG, url), total: pageIn(url) === 2 ? '231' : '230' }))
    const { url } = await startNode(BIG, script)
    expect(await rejectionOf(createRpcSource({ url }).validators(2n))).toMatchObject({ code: 'rpc-answer-invalid' })
  })

  test('(70) an empty page ends it', async () => {
    const { url, paths } = await startNode(
      CHAIN,
      validatorsLie((asked) => ({ ...pageOf(CHAIN, asked), total: '5' })),
    )
    expect(await rejectionOf(createRpcSource({ url }).validators(2n))).toMatchObject({ code: 'rpc-answer-invalid' })
    expect(paths).toHaveLength(2)
  })

  test('(70) pages that repeat', async () => {
    const script = validatorsLie((url) => {
      url.searchParams.set('page', '1')
      return pageOf(BIG, url)
    })
    const { url, paths } = await startNode(BIG, script)
    expect(await rejectionOf(createRpcSource({ url }).validators(2n))).toMatchObject({ code: 'rpc-answer-invalid' })
    expect(paths).toHaveLength(3)
  })

  test('(70) pages that repeat up to the total do not pass for the set', async () => {
    const first = createChain({ length: 3, members: () => MANY.slice(0, 200) })
    const script = validatorsLie((url) => {
      url.searchParams.set('page', '1')
      return pageOf(first, url)
    })
    const { url } = await startNode(first, script)
    const options = { chainId: 'gonka-test-1', trustingPeriodMs: 86_400_000, now: () => clockAt(3n) }
    const trust = { height: 1, hash: hashHeader(first.header(1n)) }
    const client = new LightClient({ ...options, trust, primary: url, witnesses: [], minWitnesses: 0 })
    expect(await rejectionOf(client.headerAt(2n))).toMatchObject({ code: 'validators-invalid' })
  })

  test('(70) 101 pages', async () => {
    const script = validatorsLie((url) => {
      url.searchParams.set('per_page', '1')
      return { ...pageOf(BIG, url), total: '101' }
    })
    const { url, paths } = await startNode(BIG, script)
    const error = await rejectionOf(createRpcSource({ url }).validators(2n))
    expect(error).toMatchObject({ code: 'rpc-answer-invalid' })
    expect(error.message).toContain('100 pages hold 100 of 101')
    expect(paths).toHaveLength(100)
  })
})

describe('a node that does not answer as it should', () => {
  test('(65) gives the header of another height', async () => {
    const script: Script = (url) => void url.searchParams.set('height', '49')
    const { url } = await startNode(CHAIN, script)
    expect(await rejectionOf(createRpcSource({ url }).signedHeader(50n))).toMatchObject({ code: 'rpc-answer-invalid' })
  })

  test('does not have the height yet', async () => {
    const { url } = await startNode(CHAIN)
    const error = await rejectionOf(createRpcSource({ url }).signedHeader(900n))
    expect(error).toMatchObject({ name: 'GonkaDiscoveryError', code: 'discovery-failed', sourceUrl: url })
    expect(error.message).toContain('must be less than or equal to 60')
  })

  test.each<[string, unknown, string]>([
    ['no header', { signed_header: null }, 'header-invalid'],
    ['an empty header', { signed_header: { header: {}, commit: {} } }, 'header-invalid'],
    ['no result', undefined, 'rpc-answer-invalid'],
  ])('gives %s', async (_name, result, code) => {
    const { url } = await startServer((_request, response) => sendJson(response, { jsonrpc: '2.0', result }))
    expect(await rejectionOf(createRpcSource({ url }).signedHeader(50n))).toMatchObject({ code })
  })

  test.each<[string, unknown]>([
    ['is a list', []],
    ['is null', null],
    ['has a network that is a number', { result: { node_info: { network: 7 }, sync_info: { catching_up: true } } }],
    ['has no network', { result: { sync_info: { catching_up: false } } }],
    ['does not say whether it is catching up', { result: { node_info: { network: 'x' }, sync_info: {} } }],
    [
      'has a height in letters',
      { result: { node_info: { network: 'x' }, sync_info: { catching_up: true, latest_block_height: 'x' } } },
    ],
  ])('gives a status that %s', async (_name, answer) => {
    const { url } = await startServer((_request, response) => sendJson(response, answer))
    expect(await rejectionOf(createRpcSource({ url }).status())).toMatchObject({ code: 'rpc-answer-invalid' })
  })

  test.each<[string, Script, string]>([
    [
      'redirects',
      (_url, response) => handled(response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()),
      'discovery-redirected',
    ],
    [
      'redirects for good',
      (_url, response) => handled(response.writeHead(308, { location: '/' }).end()),
      'discovery-redirected',
    ],
    ['offers several places', (_url, response) => handled(response.writeHead(300).end('{}')), 'discovery-redirected'],
    [
      'redirects with a status of its own',
      (_url, response) => handled(response.writeHead(399).end('{}')),
      'discovery-redirected',
    ],
    ['fails with nothing but null', (_url, response) => sendJson(response, null, 500), 'discovery-failed'],
    ['answers HTML', (_url, response) => handled(response.end('<html>')), 'discovery-answer-invalid'],
    [
      'is behind a proxy that refuses',
      (_url, response) => handled(response.writeHead(503).end('<html>')),
      'discovery-failed',
    ],
    [
      'is behind a proxy that refuses in JSON',
      (_url, response) => sendJson(response, { message: 'no' }, 403),
      'discovery-failed',
    ],
    [
      'breaks off',
      (_url, response) => {
        response.writeHead(200, { 'content-length': '99' }).write('{')
        return handled(setImmediate(() => response.destroy()))
      },
      'discovery-failed',
    ],
    ['resets', (_url, _response, request) => handled(request.socket.destroy()), 'discovery-failed'],
    ['reports an error without words', (_url, response) => sendJson(response, { error: 7 }), 'discovery-failed'],
    ['answers too much', (_url, response) => handled(response.end(' '.repeat(100_001))), 'discovery-answer-too-large'],
  ])('%s', async (_name, script, code) => {
    const { url, paths } = await startNode(CHAIN, script)
    const error = await rejectionOf(createRpcSource({ url, maxResponseBytes: 100_000 }).signedHeader(50n))
    expect(error).toMatchObject({ name: 'GonkaDiscoveryError', code, sourceUrl: url })
    expect(paths).toHaveLength(1)
  })

  test('is behind a proxy whose refusal says no more than that it is HTML', async () => {
    const { url } = await startNode(CHAIN, (_url, response) => handled(response.writeHead(503).end('<html>')))
    const error = await rejectionOf(createRpcSource({ url }).signedHeader(50n))
    expect(error).toMatchObject({ statusCode: 503 })
    expect(error.message).toContain('perhaps its rate limit')
    const plain = await startNode(CHAIN, (_url, response) => handled(response.writeHead(503).end('busy')))
    const other = await rejectionOf(createRpcSource({ url: plain.url }).signedHeader(50n))
    expect(other).toMatchObject({ statusCode: 503 })
    expect(other.message).not.toContain('HTML')
  })

  test('never stops sending', async () => {
    let sentBytes = 0
    const script: Script = (_url, response) => {
      const chunk = Buffer.alloc(65_536, 32)
      const send = (): void => {
        while (!response.destroyed && response.write(chunk)) sentBytes += chunk.length
      }
      response.on('drain', send)
      send()
      return null
    }
    const { url } = await startNode(CHAIN, script)
    const error = await rejectionOf(createRpcSource({ url, maxResponseBytes: 1_000_000 }).signedHeader(50n))
    expect(error).toMatchObject({ code: 'discovery-answer-too-large' })
    expect(sentBytes).toBeLessThan(50_000_000)
  })

  test('is not there', async () => {
    const error = await rejectionOf(createRpcSource({ url: 'http://127.0.0.1:1' }).signedHeader(50n))
    expect(error).toMatchObject({ code: 'discovery-failed' })
  })

  test('hangs: before its answer, in it, and on a later page', async () => {
    const hang: Script = () => null
    const half: Script = (_url, response) => handled(response.write('{"result":'))
    const later: Script = (url) => (pageIn(url) === 2 ? null : undefined)
    for (const [script, chain] of [
      [hang, CHAIN],
      [half, CHAIN],
      [later, BIG],
    ] as const) {
      const { url } = await startNode(chain, script)
      const error = await rejectionOf(createRpcSource({ url, timeoutMs: 150 }).validators(2n))
      expect(error).toMatchObject({ name: 'GonkaDiscoveryError', code: 'discovery-timeout', sourceUrl: url })
    }
  })

  test('may be given up by the caller at any time', async () => {
    const reason = new Error('enough')
    const controller = new AbortController()
    const { url, paths } = await startNode(CHAIN, () => handled(controller.abort(reason)))
    const source = createRpcSource({ url })
    expect(await rejectionOf(source.signedHeader(50n, { signal: controller.signal }))).toBe(reason)
    expect(await rejectionOf(source.signedHeader(50n, { signal: controller.signal }))).toBe(reason)
    expect(paths).toHaveLength(1)
  })

  test('is given up on time also by a fetch that ignores its signal', async () => {
    const fetch = (): Promise<Response> => new Promise(() => undefined)
    const error = await rejectionOf(
      createRpcSource({ url: 'http://node.example', fetch, timeoutMs: 20 }).validators(1n),
    )
    expect(error).toMatchObject({ code: 'discovery-timeout' })
  })

  test('a redirect that a browser hides is refused too', async () => {
    const hidden = Object.defineProperty(Response.json({}), 'type', { value: 'opaqueredirect' })
    const error = await rejectionOf(createRpcSource({ url: 'http://node.example', fetch: async () => hidden }).status())
    expect(error).toMatchObject({ code: 'discovery-redirected' })
  })

  test('a fetch that followed a redirect is refused too', async () => {
    const fetch = async (): Promise<Response> => Object.defineProperty(Response.json({}), 'redirected', { value: true })
    const error = await rejectionOf(createRpcSource({ url: 'http://node.example', fetch }).status())
    expect(error).toMatchObject({ code: 'discovery-redirected' })
  })
})

test('whatever bytes a node answers, only coded errors come of it', async () => {
  const wrapped = fc.jsonValue().map((result) => JSON.stringify({ result }))
  const anything = fc.oneof(fc.string({ unit: 'binary' }), fc.json(), wrapped)
  await fc.assert(
    fc.asyncProperty(anything, fc.constantFrom(200, 404, 500), async (text, status) => {
      const fetch = async (): Promise<Response> => new Response(text, { status })
      const source = createRpcSource({ url: 'http://node.example', fetch })
      for (const call of [source.signedHeader(7n), source.validators(7n), source.status()]) {
        const { name, code } = await rejectionOf(call)
        expect(name).toMatch(/^Gonka(Discovery|ProofVerification)Error$/)
        expect(code).toMatch(/^[a-z-]+$/)
      }
    }),
  )
})

describe('options', () => {
  test.each(['ftp://node.example', 'http://user:secret@node.example', 'http://node.example/?key=secret', ''])(
    'the URL %j is refused, and not repeated',
    (url) => {
      expect(() => createRpcSource({ url })).toThrow(expect.objectContaining({ code: 'url-invalid' }))
      expect(() => createRpcSource({ url })).not.toThrow(/secret/)
    },
  )

  test.each([{ timeoutMs: 1 }, { timeoutMs: 2 ** 31 - 1 }, { maxResponseBytes: 1 }])('%j is in range', (limits) => {
    expect(createRpcSource({ url: 'http://node.example', ...limits }).url).toBe('http://node.example')
  })

  test.each([{ timeoutMs: 0 }, { timeoutMs: 2 ** 31 }, { maxResponseBytes: 1.5 }])('%j is out of range', (limits) => {
    expect(() => createRpcSource({ url: 'http://node.example', ...limits })).toThrow(RangeError)
  })
})

test('a whole network is followed from URLs alone', async () => {
  const sets = [FOUR, MANY.slice(0, 130)]
  const chain = createChain({ length: 40, members: (height) => sets[height <= 20n ? 0 : 1]! })
  const nodes = await Promise.all([startNode(chain), startNode(chain), startNode(chain)])
  const [primary, ...witnesses] = nodes.map(({ url }) => url) as [string, string, string]
  const client = new LightClient({
    chainId: 'gonka-test-1',
    trust: { height: 10, hash: hashHeader(chain.header(10n)) },
    trustingPeriodMs: 86_400_000,
    primary,
    witnesses,
    minWitnesses: 2,
    now: () => clockAt(40n),
  })
  expect((await client.headerAt('latest')).header).toEqual(chain.header(40n))
  expect((await client.headerAt(8)).header).toEqual(chain.header(8n))
  expect(nodes.map(({ paths }) => paths.length > 0)).toEqual([true, true, true])
})
