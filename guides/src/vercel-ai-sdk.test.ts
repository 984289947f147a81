import type { APICallError } from 'ai'
import { describeGuide } from './fixtures/describe-guide.ts'
import { describeTools } from './fixtures/describe-tools.ts'
import type { Refusal } from './fixtures/guide-spec.ts'

const spec = {
  file: 'vercel-ai-sdk.ts',
  signalOption: 'abortSignal',
  readRefusal: ({ statusCode, data, responseHeaders }: APICallError): Refusal => ({
    status: statusCode,
    code: (data as { error: { code: string } }).error.code,
    retryAfter: responseHeaders?.['retry-after'],
  }),
  findInterruption: ({ cause }: Error) => cause,
  abortName: 'AbortError',
}

const versions = [
  { ...spec, title: 'ai 6' },
  {
    ...spec,
    title: 'ai 7',
    minNode: '22',
    swaps: { ai: 'ai7', '@ai-sdk/openai-compatible': 'ai-sdk-openai-compatible3' },
  },
]
for (const version of versions) {
  describeGuide(version)
  describeTools(version)
}
