import { createOtelTracer } from '@multiplexer/core/otel'
import { Router } from '@multiplexer/core/router'

/** Traces one call with the API's own tracer, which records nothing until an application registers a provider. */
export async function use({ upstreamUrl }: { upstreamUrl: string }): Promise<string> {
  const router = new Router({ tracer: createOtelTracer({ providerName: 'compat' }) })
  router.addModel({ baseURL: upstreamUrl, apiKey: 'key' }, { modelName: 'one', models: ['ok'] })
  const response = await router.fetch('/v1/chat/completions', {
    method: 'POST',
    body: JSON.stringify({ model: 'ok', messages: [{ role: 'user', content: 'Hello' }] }),
  })
  await response.text()
  return `traced ${response.status}`
}
