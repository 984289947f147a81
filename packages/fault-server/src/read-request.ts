import type { IncomingMessage } from 'node:http'

/** What a request to the server asks for. */
export interface ReadRequest {
  readonly path: string
  /** Empty when the body names none or is not JSON. */
  readonly model: string
  readonly streamed: boolean
  readonly includeUsage: boolean
  /** The body as it came. */
  readonly bodyText: string
}

/** Reads a request whole. Anything that is not an OpenAI-style body counts as one without a model. */
export async function readRequest(request: IncomingMessage): Promise<ReadRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const bodyText = Buffer.concat(chunks).toString()
  const body = parseObject(bodyText)
  const options = body.stream_options as { include_usage?: unknown } | undefined
  return {
    path: new URL(request.url ?? '/', 'http://localhost').pathname,
    model: typeof body.model === 'string' ? body.model : '',
    streamed: body.stream === true,
    includeUsage: options?.include_usage === true,
    bodyText,
  }
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
