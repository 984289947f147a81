import type { VerdictKind } from '@multiplexer/core'
import { describe, expect, test } from 'vitest'
import type { Script } from '../fixtures/scripted-server.ts'
import { startParticipants } from './fixtures/ask-members.ts'

const NGINX = '<html>\r\n<head><title>503 Service Temporarily Unavailable</title></head>\r\n<body></body></html>\r\n'
const HUGE = 'x'.repeat(1_000_000)
const LATIN_1 = Buffer.from('{"error":"Insufficient balance","wo":"Z\xfcrich"}', 'latin1')
const BINARY = Buffer.from([0, 255, 254, 128, 0, 195, 40])

function sending(status: number, contentType: string | undefined, body: string | Buffer): Script {
  return (_, response) => response.writeHead(status, contentType ? { 'content-type': contentType } : {}).end(body)
}

interface Case {
  readonly name: string
  readonly status: number
  readonly contentType?: string
  readonly body: string | Buffer
  readonly kind: VerdictKind
}

const JSON_TYPE = 'application/json'
const HTML_TYPE = 'text/html; charset=utf-8'
const NO_KEY = '{"error":"account has no public key"}'

const CASES: readonly Case[] = [
  { name: 'JSON as HTML', status: 500, contentType: HTML_TYPE, body: NO_KEY, kind: 'suspended' },
  { name: 'JSON as text', status: 500, contentType: 'text/plain', body: NO_KEY, kind: 'suspended' },
  { name: 'JSON without a type', status: 500, body: NO_KEY, kind: 'suspended' },
  { name: 'plain text', status: 500, contentType: 'text/plain', body: 'account not found\n', kind: 'suspended' },
  { name: 'plain text as JSON', status: 404, contentType: JSON_TYPE, body: 'Account not found', kind: 'suspended' },
  { name: 'cut JSON', status: 404, contentType: JSON_TYPE, body: '{"error":"Account not found', kind: 'suspended' },
  { name: 'JSON twice', status: 500, contentType: JSON_TYPE, body: `${NO_KEY}\n${NO_KEY}`, kind: 'suspended' },
  {
    name: 'huge JSON',
    status: 404,
    contentType: JSON_TYPE,
    body: `{"error":"Account not found","x":"${HUGE}"}`,
    kind: 'suspended',
  },
  { name: 'a huge text', status: 404, contentType: JSON_TYPE, body: HUGE, kind: 'model-missing' },
  { name: 'a page', status: 503, contentType: HTML_TYPE, body: NGINX, kind: 'rate-limited' },
  { name: 'a page as JSON', status: 503, contentType: JSON_TYPE, body: NGINX, kind: 'rate-limited' },
  { name: 'a page in capitals', status: 503, contentType: 'Text/HTML', body: 'BUSY', kind: 'rate-limited' },
  { name: 'an empty page', status: 503, contentType: HTML_TYPE, body: '', kind: 'rate-limited' },
  {
    name: 'a JSON refusal as HTML',
    status: 503,
    contentType: HTML_TYPE,
    body: '{"error":"no inference nodes available"}',
    kind: 'unavailable',
  },
  { name: 'nothing', status: 503, body: '', kind: 'unavailable' },
  { name: 'a page', status: 502, contentType: HTML_TYPE, body: NGINX, kind: 'unavailable' },
  { name: 'a page', status: 504, contentType: HTML_TYPE, body: NGINX, kind: 'unavailable' },
  { name: 'a page', status: 413, contentType: HTML_TYPE, body: NGINX, kind: 'invalid-request' },
  { name: 'a page', status: 404, contentType: HTML_TYPE, body: NGINX, kind: 'model-missing' },
  { name: 'nothing', status: 402, body: '', kind: 'suspended' },
  { name: 'bytes that are not UTF-8', status: 402, contentType: JSON_TYPE, body: LATIN_1, kind: 'suspended' },
  { name: 'bytes', status: 400, contentType: JSON_TYPE, body: BINARY, kind: 'invalid-request' },
  { name: 'bytes', status: 500, contentType: JSON_TYPE, body: BINARY, kind: 'unavailable' },
  { name: 'nothing', status: 410, body: '', kind: 'suspended' },
  { name: 'a page', status: 410, contentType: HTML_TYPE, body: NGINX, kind: 'suspended' },
  { name: 'a cut body', status: 308, contentType: JSON_TYPE, body: '{"new_url":"https://new.exa', kind: 'suspended' },
  { name: 'null', status: 500, contentType: JSON_TYPE, body: 'null', kind: 'unavailable' },
  { name: 'a number for a text', status: 404, contentType: JSON_TYPE, body: '{"error":404}', kind: 'model-missing' },
  { name: 'a page', status: 200, contentType: HTML_TYPE, body: NGINX, kind: 'unavailable' },
  { name: 'nothing', status: 200, contentType: JSON_TYPE, body: '', kind: 'unavailable' },
  { name: 'cut JSON', status: 200, contentType: JSON_TYPE, body: '{"choices":[{"message":', kind: 'unavailable' },
  {
    name: 'an error',
    status: 200,
    contentType: JSON_TYPE,
    body: '{"error":"no inference nodes available"}',
    kind: 'unavailable',
  },
]

describe('whatever the body of an answer is', () => {
  test.each(CASES.map((each) => [`${each.status} with ${each.name}`, each] as const))(
    '%s is judged, and quoted by no error of ours',
    async (_, { status, contentType, body, kind }) => {
      const { call } = await startParticipants(sending(status, contentType, body))
      const { error, attempts } = await call()
      expect(attempts[0]).toMatchObject({ status, verdict: { kind } })
      expect(error).toBeInstanceOf(Error)
      if (error?.name === 'AllModelsFailedError') expect(error.message.length).toBeLessThan(1_500)
    },
  )
})
