import type { APIError } from 'openai'
import { describeGuide } from './fixtures/describe-guide.ts'
import { describeTools } from './fixtures/describe-tools.ts'
import type { Refusal } from './fixtures/guide-spec.ts'

/** Total failures are errors of the multiplexer, refusals of one upstream are the SDK's. */
interface Failure extends Refusal {
  readonly statusCode?: number
  readonly retryAfterMs?: number
}

const spec = {
  title: 'Multiplexer on openai 6',
  file: 'openai.ts',
  readRefusal: ({ status, statusCode, code, retryAfterMs = 0 }: Failure) => ({
    status: status ?? statusCode,
    code,
    retryAfter: String(Math.ceil(retryAfterMs / 1000)),
  }),
  abortName: 'APIUserAbortError',
}

describeGuide(spec)
describeTools(spec)

const readRefusal = ({ status, code, headers }: APIError): Refusal => ({
  status,
  code,
  retryAfter: headers?.get('retry-after'),
})

for (const [title, swaps, minNode] of [
  ['openai 5 on a router', { openai: 'openai5' }, '20.19'],
  ['openai 6 on a router', {}, '20.19'],
  ['openai 7 on a router', { openai: 'openai7' }, '22'],
] as const) {
  describeGuide({ title, swaps, minNode, file: 'openai-client.ts', readRefusal, abortName: 'APIUserAbortError' })
}
