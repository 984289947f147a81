import { describe, expect, it } from 'vitest'
import { isMultiplexerError } from '../errors.ts'
import { bodyWithModel, type CallRequest, readCallRequest } from './call-request.ts'

const URL_TEXT = 'https://api.example/v1/chat/completions'
const JSON_TEXT = '{ "model" : "m" ,\n"stream":true, "messages":[{"content":"Grüße 😀"}]}'
const BYTES = new TextEncoder().encode(JSON_TEXT)

function read(input: string | URL | Request, init?: RequestInit, maxBodyBytes = 10_000): Promise<CallRequest> {
  return readCallRequest(input, init, maxBodyBytes)
}

function post(body: BodyInit | null, init: RequestInit = {}): Promise<CallRequest> {
  return read(URL_TEXT, { method: 'POST', body, duplex: 'half', ...init } as RequestInit)
}

const textOf = (bytes: Uint8Array | undefined): string | undefined => bytes && new TextDecoder().decode(bytes)

function streamOf(...chunks: Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start: (controller) => {
      for (const chunk of chunks) controller.enqueue(chunk)
      controller.close()
    },
  })
}

describe('the body', () => {
  const forms: [string, () => Promise<CallRequest>][] = [
    ['text', () => post(JSON_TEXT)],
    ['bytes', () => post(BYTES)],
    ['a view into a larger buffer', () => post(new Uint8Array([0, ...BYTES, 0]).subarray(1, BYTES.length + 1))],
    ['a Node buffer', () => post(Buffer.from(JSON_TEXT))],
    ['an ArrayBuffer', () => post(BYTES.buffer)],
    ['a DataView', () => post(new DataView(BYTES.buffer))],
    ['a Blob', () => post(new Blob([BYTES]))],
    ['a stream', () => post(streamOf(BYTES.subarray(0, 5), BYTES.subarray(5, 50), BYTES.subarray(50)))],
    ['a Request', () => read(new Request(URL_TEXT, { method: 'POST', body: BYTES }))],
    ['a Request and an init', () => read(new Request(URL_TEXT, { method: 'POST', body: 'x' }), { body: JSON_TEXT })],
    [
      'a Request and an init without body',
      () => read(new Request(URL_TEXT, { method: 'POST', body: BYTES }), { body: null }),
    ],
  ]
  it.each(forms)('is read from %s, byte for byte', async (_, call) => {
    const request = await call()
    expect(request).toMatchObject({ method: 'POST', path: '/chat/completions', model: 'm', stream: true })
    expect(textOf(request.body)).toBe(JSON_TEXT)
  })

  it('is a copy: the caller may reuse its buffer', async () => {
    const own = new Uint8Array(BYTES)
    const request = await post(own)
    own.fill(0)
    expect(textOf(request.body)).toBe(JSON_TEXT)
  })

  it('of a form keeps its boundary', async () => {
    const form = new FormData()
    form.set('model', 'whisper')
    form.set('file', new Blob(['sound']), 'a.wav')
    const request = await read('https://api.example/v1/audio/transcriptions', { method: 'POST', body: form })
    const boundary = request.headers.get('content-type')!.split('boundary=')[1]!
    expect(textOf(request.body)).toContain(`--${boundary}\r\n`)
    expect([request.model, request.path]).toEqual([undefined, '/audio/transcriptions'])
  })

  it('is absent from a GET', async () => {
    expect(await read('https://api.example/v1/models')).toMatchObject({
      method: 'GET',
      body: undefined,
      model: undefined,
    })
    expect((await read(new Request('https://api.example/v1/models'))).body).toBeUndefined()
  })

  it('may be anything: what is no JSON object has no model', async () => {
    for (const text of ['', 'null', '[]', '"model"', '{', '{"model":', '{"model":5}', '{"model":"\\u00"}', '\u0000']) {
      expect(await post(text)).toMatchObject({ model: undefined, stream: false })
    }
  })

  it.each(['false', 'null', '"true"', '1'])('asks for no stream with "stream": %s', async (value) => {
    expect((await post(`{"stream":${value}}`)).stream).toBe(false)
  })
})

describe('a body that is too large', () => {
  it('is refused with what it has and what is allowed, and without what it says', async () => {
    const error = await read(URL_TEXT, { method: 'POST', body: 'secret'.repeat(10) }, 59).catch((thrown) => thrown)
    expect(isMultiplexerError(error) && error.code).toBe('request-too-large')
    expect(error.message).toContain('59')
    expect(error.message).not.toContain('secret')
    expect(textOf((await read(URL_TEXT, { method: 'POST', body: 'secret'.repeat(10) }, 60)).body)).toHaveLength(60)
  })

  it('is not read to its end, which may never come', async () => {
    let pulls = 0
    let cancelled = false
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        pulls += 1
        if (pulls > 1_000) controller.close()
        else controller.enqueue(new Uint8Array(1_000))
      },
      cancel: () => {
        cancelled = true
      },
    })
    await expect(post(endless)).rejects.toMatchObject({ code: 'request-too-large' })
    expect(pulls).toBeLessThan(20)
    expect(cancelled).toBe(true)
  })
})

describe('a body that does not come', () => {
  it('ends with the caller’s reason when the caller aborts', async () => {
    const controller = new AbortController()
    const silent = new ReadableStream<Uint8Array>()
    const reading = post(silent, { signal: controller.signal })
    controller.abort(new Error('enough'))
    await expect(reading).rejects.toThrow('enough')
  })

  it('fails with the error of its stream', async () => {
    const broken = new ReadableStream<Uint8Array>({ pull: () => Promise.reject(new Error('upload broke')) })
    await expect(post(broken)).rejects.toThrow('upload broke')
  })
})

describe('headers', () => {
  it('of the caller’s account and connection stay behind; all others go on', async () => {
    const secret = 'secret'
    const headers = {
      Authorization: secret,
      'proxy-authorization': secret,
      'api-key': secret,
      'x-api-key': secret,
      'x-goog-api-key': secret,
      cookie: secret,
      'openai-organization': secret,
      'openai-project': secret,
      host: 'a.example',
      connection: 'close',
      'proxy-connection': 'close',
      'keep-alive': '5',
      expect: '100-continue',
      te: 'trailers',
      'content-length': '5',
      'accept-encoding': 'gzip',
      'content-type': 'application/json; charset=utf-8',
      'x-stainless-lang': 'js',
      traceparent: '00-1',
    }
    for (const request of [
      await post('{}', { headers }),
      await post('{}', { headers: Object.entries(headers) as [string, string][] }),
    ]) {
      expect(Object.fromEntries(request.headers)).toEqual({
        'content-type': 'application/json; charset=utf-8',
        via: '1.1 multiplexer',
        'x-stainless-lang': 'js',
        traceparent: '00-1',
      })
    }
  })

  it('are not changed in the caller’s own object', async () => {
    const headers = new Headers({ authorization: 'secret' })
    await post('{}', { headers })
    expect(headers.get('authorization')).toBe('secret')
  })

  it('name the type of a JSON object that came without one', async () => {
    expect((await post('{"a":1}')).headers.get('content-type')).toBe('application/json')
    expect((await post(BYTES)).headers.get('content-type')).toBe('application/json')
    expect((await post('a,b')).headers.get('content-type')).toBeNull()
  })
})

describe('the path', () => {
  it.each([
    ['https://api.example/v1/chat/completions', '/chat/completions', ''],
    ['https://api.example/openai/v1/embeddings?a=1&b=%20', '/embeddings', '?a=1&b=%20'],
    ['https://api.example/v1/v1/models', '/models', ''],
    ['https://api.example/v10/models', '/v10/models', ''],
    ['/v1/responses', '/responses', ''],
    ['/chat/completions/', '/chat/completions', ''],
    ['https://api.example/v1', '/', ''],
    ['https://api.example', '/', ''],
    ['https://api.example/v1/../v1/models#part', '/models', ''],
  ])('of %s is %s', async (url, path, query) => {
    expect(await read(url)).toMatchObject({ path, query })
    expect(await read(new URL(url, 'http://a.example'))).toMatchObject({ path, query })
  })
})

describe('the model that is sent', () => {
  const sent = async (body: BodyInit | null, model = 'up') => textOf(bodyWithModel(await post(body), model))

  it('leaves the very bytes when it is the one that was asked for', async () => {
    const request = await post(JSON_TEXT)
    expect(bodyWithModel(request, 'm')).toBe(request.body)
  })

  it('replaces the one that was asked for and nothing else', async () => {
    expect(await sent(JSON_TEXT, 'up"stream')).toBe(JSON_TEXT.replace('"m"', '"up\\"stream"'))
  })

  it.each([
    ['{}', '{"model":"up"}'],
    ['{"messages":[]}', '{"model":"up","messages":[]}'],
    ['\ufeff \n{ "a":1}', ' \n{"model":"up", "a":1}'],
    ['\ufeff{"model":"m"}', '{"model":"up"}'],
    [`{${' '.repeat(100)}}`, `{"model":"up"${' '.repeat(100)}}`],
    ['{"model":null}', '{"model":"up"}'],
    ['{"mod\\u0065l":"m"}', '{"mod\\u0065l":"up"}'],
  ])('is put into %j', async (before, after) => {
    expect(await sent(before)).toBe(after)
  })

  it.each(['', '[{"a":1}]', 'text {', 'null'])('does not change %j, which is no object', async (body) => {
    expect(await sent(body)).toBe(body)
  })

  it('is nothing to a request without a body', async () => {
    expect(bodyWithModel(await read('https://api.example/v1/models'), 'up')).toBeUndefined()
  })
})

describe('the signal', () => {
  it('is the init’s, else the Request’s', async () => {
    const [own, other] = [new AbortController().signal, new AbortController().signal]
    expect((await read(new Request(URL_TEXT, { signal: other }), { signal: own })).signal).toBe(own)
    const request = new Request(URL_TEXT, { signal: other })
    expect((await read(request)).signal).toBe(request.signal)
    expect((await read(URL_TEXT)).signal).toBeUndefined()
  })
})
