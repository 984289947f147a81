import type { APIError } from 'openai'
import { describeGuide } from './fixtures/describe-guide.ts'
import { describeTools } from './fixtures/describe-tools.ts'
import type { Refusal } from './fixtures/guide-spec.ts'

const spec = {
  file: 'langchain.ts',
  readRefusal: ({ status, code, headers }: APIError): Refusal => ({
    status,
    code,
    retryAfter: headers?.get('retry-after'),
  }),
  abortName: 'AbortError',
}

const versions = [
  { ...spec, title: '@langchain/openai 1.4' },
  {
    ...spec,
    title: '@langchain/openai 1.6',
    minNode: '22',
    swaps: { '@langchain/openai': 'langchain-openai-node22' },
  },
]
for (const version of versions) {
  describeGuide(version)
  describeTools(version)
}
