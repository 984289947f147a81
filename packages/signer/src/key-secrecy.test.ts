import { inspect } from 'node:util'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createSigner } from './create-signer.ts'
import { createSigningFetch } from './create-signing-fetch.ts'
import { createSystemClock } from './create-system-clock.ts'
import { TA1 } from './fixtures/signature-vectors.ts'
import { answerJson, startServer } from './fixtures/start-server.ts'
import { GonkaClientFactory } from './gonka-client-factory.ts'

/** A key that only this test knows; no 8 characters of any of its spellings may turn up anywhere. */
const CANARY = 'c0ffee5eedc0de1337deadbea7fee1900df00dba5eba11ab1eca11ed0ddba11f'
const BYTES = Buffer.from(CANARY, 'hex')
const SPELLINGS = [
  CANARY,
  CANARY.toUpperCase(),
  BYTES.toString('base64'),
  BYTES.toString('base64url'),
  String(BigInt(`0x${CANARY}`)),
]
const LISTS = [BYTES.join(','), BYTES.join(', '), BYTES.join(' '), BYTES.toString('hex').replace(/(..)(?=.)/g, '$1 ')]
const WINDOWS = [...SPELLINGS, ...LISTS].flatMap(windowsOf)
const POST = { method: 'POST', body: '{"model":"m"}', headers: { 'content-type': 'application/json' } }

afterEach(() => {
  vi.restoreAllMocks()
})

describe('the search', () => {
  it.each([...SPELLINGS, ...LISTS])('finds a piece of %s', (spelling) => {
    expect(findKey(`x${spelling.slice(5, 20)}x`)).not.toEqual([])
  })

  it('finds a key kept as a property, hidden or not', () => {
    expect(findKey(show({ deep: [{ key: BYTES }] }))).not.toEqual([])
    expect(findKey(show([Uint8Array.from(BYTES)]))).not.toEqual([])
    expect(findKey(show(BigInt(`0x${CANARY}`)))).not.toEqual([])
    expect(findKey(show(Object.defineProperty({}, 'key', { value: CANARY })))).not.toEqual([])
  })
})

describe('no piece of the private key', () => {
  it('is in anything that a node receives', async () => {
    const { origin, received } = await startServer(
      answerJson(400, { error: 'signature is too old' }),
      answerJson(200, {}),
      answerJson(500, {}, { 'retry-after-ms': '1' }),
      answerJson(200, { choices: [] }),
    )
    const signedFetch = createSigningFetch({ signer: createSigner(CANARY), transferAddress: TA1 })
    await signedFetch(origin, POST)
    const client = new GonkaClientFactory(`0x${CANARY}`).createClient({ address: TA1, baseUrl: `${origin}/v1` })
    await client.chat.completions.create({ model: 'm', messages: [] })
    await client.models.list()
    await signedFetch(origin, { method: 'POST' })
    expect(received).toHaveLength(6)
    const heard = received.map(({ body, ...rest }) => `${show(rest)}${body.toString()}`).join('\n')
    expect(heard).toContain('x-requester-address')
    expect(findKey(heard)).toEqual([])
  })

  it('is in any object, inspected or turned into JSON', () => {
    const signer = createSigner(CANARY)
    const factory = new GonkaClientFactory(CANARY, { clock: createSystemClock() })
    const client = factory.createClient({ address: TA1, baseUrl: 'http://node1.example/v1' })
    const signedFetch = createSigningFetch({ signer, transferAddress: TA1 })
    for (const object of [signer, factory, client, signedFetch, client.chat.completions]) {
      expect(findKey(show(object))).toEqual([])
    }
  })

  it.each([CANARY.slice(1), `${CANARY}0`, `${CANARY}\n`, `${CANARY.slice(1)}g`, `0x0x${CANARY}`, `"${CANARY}"`])(
    'is in the error for a mistyped key',
    (key) => {
      const error = catchError(() => createSigner(key))
      expect(error).toMatchObject({ code: 'key-invalid' })
      expect(findKey(show(error))).toEqual([])
    },
  )

  it('is in the errors of an invalid transfer address, also when it is the key itself', () => {
    const signer = createSigner(CANARY)
    const errors = [
      catchError(() => createSigningFetch({ signer, transferAddress: CANARY })),
      catchError(() => new GonkaClientFactory(CANARY).createClient({ address: CANARY, baseUrl: CANARY })),
      catchError(() => new GonkaClientFactory(CANARY).createClient({ address: TA1, baseUrl: `http://${CANARY}@x/` })),
    ]
    for (const error of errors) expect(findKey(show(error))).toEqual([])
  })

  it('is in the errors of requests', async () => {
    const signer = createSigner(CANARY)
    const signedFetch = createSigningFetch({ signer, transferAddress: TA1, origin: 'http://127.0.0.1:1' })
    const { origin } = await startServer(answerJson(302, {}, { location: 'http://x.example' }))
    const redirected = createSigningFetch({ signer, transferAddress: TA1 })
    const errors = await Promise.all([
      rejectionOf(signedFetch('http://127.0.0.1:1', POST)),
      rejectionOf(signedFetch('http://elsewhere.example', POST)),
      rejectionOf(signedFetch('not a URL', POST)),
      rejectionOf(redirected(origin, POST)),
      rejectionOf(signer.sign(new Uint8Array(3))),
      rejectionOf(signedFetch('http://127.0.0.1:1', { ...POST, signal: AbortSignal.abort() })),
    ])
    for (const error of errors) expect(findKey(show(error))).toEqual([])
  })

  it('is in what is logged, by the SDK at its most talkative, too', async () => {
    const lines: unknown[] = []
    for (const level of ['debug', 'info', 'log', 'warn', 'error'] as const) {
      vi.spyOn(console, level).mockImplementation((...args) => void lines.push(args))
    }
    const { origin } = await startServer(answerJson(200, { choices: [] }))
    const factory = new GonkaClientFactory(CANARY, { openai: { logLevel: 'debug' } })
    const client = factory.createClient({ address: TA1, baseUrl: `${origin}/v1` })
    await client.chat.completions.create({ model: 'm', messages: [] })
    expect(lines.length).toBeGreaterThan(1)
    expect(findKey(show(lines))).toEqual([])
  })
})

function windowsOf(text: string): string[] {
  return Array.from({ length: text.length - 7 }, (_, i) => text.slice(i, i + 8))
}

/** The pieces of the key in a text. Source excerpts in stack traces cannot be told from values, so nothing is left out. */
function findKey(text: string): string[] {
  return WINDOWS.filter((window) => text.includes(window))
}

/** Everything that a person or a logger could get to see of a value. */
function show(value: unknown): string {
  const options = { depth: Number.POSITIVE_INFINITY, showHidden: true, maxArrayLength: null, maxStringLength: null }
  return `${inspect(value, { ...options, breakLength: Number.POSITIVE_INFINITY })}\n${String(value)}\n${toJson(value)}`
}

function toJson(value: unknown): string {
  const seen = new Set<unknown>()
  return `${JSON.stringify(value, (_, part: unknown) => {
    if (typeof part === 'bigint') return String(part)
    if (typeof part !== 'object' || part === null) return part
    if (seen.has(part)) return '(seen)'
    seen.add(part)
    return part instanceof Error ? { ...part, message: part.message, stack: part.stack, cause: part.cause } : part
  })}`
}

function catchError(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  throw new Error('expected an error')
}

async function rejectionOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => {
      throw new Error('expected a rejection')
    },
    (error: unknown) => error,
  )
}
