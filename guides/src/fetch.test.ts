import { describeGuide } from './fixtures/describe-guide.ts'

describeGuide({
  title: 'plain fetch',
  file: 'fetch.ts',
  readRefusal: ({ message, status, headers }: Error & { status: number; headers: Headers }) => {
    const { code } = JSON.parse(message.slice(message.indexOf('{'))).error
    return { status, code, retryAfter: headers.get('retry-after') }
  },
  abortName: 'AbortError',
})
