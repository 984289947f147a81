import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { createDiscovery, rejectionOf } from './fixtures/discover.ts'
import { BUNDLE, failureOf } from './fixtures/failure-of.ts'
import { type Answer, startServer, text } from './fixtures/server.ts'

const MEBIBYTE = 1024 * 1024

describe('answers that are too large', () => {
  test('20 MB are refused', async () => {
    const error = await failureOf(text(' '.repeat(20_000_000)))
    expect(error).toMatchObject({ code: 'discovery-answer-too-large', statusCode: 200 })
    expect(error.message).toContain('more than 8388608 bytes; raise maxResponseBytes')
  })

  test('an endless answer is cut at the limit', async () => {
    const endless: Answer = (_request, response) => {
      const pour = (): void => {
        while (!response.destroyed && response.write(' '.repeat(65_536)));
      }
      response.on('drain', pour)
      pour()
    }
    const error = await failureOf(endless, { maxResponseBytes: MEBIBYTE, timeoutMs: 60_000 })
    expect(error.code).toBe('discovery-answer-too-large')
  })

  test('bytes are counted after decompression', async () => {
    const bomb = gzipSync(new Uint8Array(20_000_000))
    expect(bomb.length).toBeLessThan(50_000)
    const error = await failureOf((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' })
      response.end(bomb)
    })
    expect(error.code).toBe('discovery-answer-too-large')
  })

  test('a length header that lies changes nothing', async () => {
    const fetch = async (): Promise<Response> =>
      new Response(' '.repeat(2_000), { headers: { 'content-length': '10' } })
    const { discovery } = createDiscovery({ sourceUrl: 'http://node.example', fetch, maxResponseBytes: 1_000 })
    expect(await rejectionOf(discovery.discover())).toMatchObject({ code: 'discovery-answer-too-large' })
  })

  test('an announced length over the limit is refused without waiting for the answer', async () => {
    const error = await failureOf((_request, response) => {
      response.writeHead(200, { 'content-length': '20000000' })
      response.flushHeaders()
    })
    expect(error.code).toBe('discovery-answer-too-large')
  })

  test('an answer of exactly the limit is read', async () => {
    const body = JSON.stringify(BUNDLE)
    const server = await startServer(text(body))
    const options = { sourceUrl: server.url, transferAgents: [], retryCount: 0 }
    const exact = createDiscovery({ ...options, maxResponseBytes: body.length })
    expect((await exact.discovery.discover()).participants).toHaveLength(1)
    const short = createDiscovery({ ...options, maxResponseBytes: body.length - 1 })
    expect(await rejectionOf(short.discovery.discover())).toMatchObject({ code: 'discovery-answer-too-large' })
  })
})
