import { expect, it } from 'vitest'
import { describeGuide, startGuide } from './fixtures/describe-guide.ts'

const spec = {
  sdk: { title: 'plain fetch', minNode: '20.19' },
  file: 'fetch.ts',
  readRefusal: ({ message, status, headers }: Error & { status: number; headers: Headers }) => {
    const { code } = JSON.parse(message.slice(message.indexOf('{'))).error
    return { status, code, retryAfter: headers.get('retry-after') }
  },
  abortName: 'AbortError',
}
describeGuide(spec)

const url = 'https://any.example/base/v1/chat/completions'
const body = JSON.stringify({ model: 'llama-3.3-70b', messages: [{ role: 'user', content: 'Grüezi' }] })
const bytes = new TextEncoder().encode(body)

/** Half a stream is in the middle of a character. */
function streamOf(): ReadableStream<Uint8Array> {
  const middle = bytes.indexOf(0xc3) + 1
  const pieces = [bytes.slice(0, middle), bytes.slice(middle)]
  return new ReadableStream({
    pull: (controller) => {
      const piece = pieces.shift()
      if (piece) controller.enqueue(piece)
      else controller.close()
    },
  })
}

const half = { duplex: 'half' } as RequestInit
it.each<[string, () => [string | URL | Request, RequestInit?]]>([
  ['a path', () => ['/v1/chat/completions', { method: 'POST', body }]],
  ['a path without /v1', () => ['/chat/completions', { method: 'POST', body }]],
  ['an absolute URL', () => [url, { method: 'POST', body }]],
  ['a URL object and bytes', () => [new URL(url), { method: 'POST', body: bytes }]],
  ['a Request', () => [new Request(url, { method: 'POST', body })]],
  ['a Request with a stream', () => [new Request(url, { ...half, method: 'POST', body: streamOf() })]],
  ['a stream', () => [url, { ...half, method: 'POST', body: streamOf() }]],
])('takes %s, and fails over with the same bytes', async (_, createArguments) => {
  const { pool, one, two } = await startGuide(spec, ['reset-before-headers', 'ok'])
  const response = await pool.fetch(...createArguments())
  expect((await response.json()).choices[0].message.content).toBe(two.text)
  const sent = [...one.attempts, ...two.attempts].map(({ bodyText }) => JSON.parse(bodyText).messages[0].content)
  expect(sent).toEqual(['Grüezi', 'Grüezi'])
})
