import { expect, it } from 'vitest'
import { Router } from '../index-router.ts'
import { createOtelTracer } from './create-otel-tracer.ts'
import { recordSpans } from './fixtures/record-spans.ts'

const operations: [string, string, string | undefined][] = [
  ['/chat/completions', 'chat m', 'chat_completions'],
  ['/responses', 'chat m', 'responses'],
  ['/completions', 'text_completion m', undefined],
  ['/embeddings', 'embeddings m', undefined],
  ['/images/generations', 'generate_content m', undefined],
  ['/audio/speech', 'generate_content m', undefined],
  ['/files/file-4711/content', 'other m', undefined],
  ['/constructor', 'other m', undefined],
]

it.each(operations)('names the spans of %s "%s"', async (path, name, apiType) => {
  const { tracer, spans } = recordSpans()
  const router = new Router({ tracer: createOtelTracer({ tracer }) })
  router.addModel(async () => Response.json({ object: 'answer' }), { modelName: 'a' })
  await router.fetch(`/v1${path}`, { method: 'POST', body: '{"model":"m"}' })
  expect(spans().map((span) => [span.name, span.attributes['openai.api.type']])).toEqual(Array(2).fill([name, apiType]))
})

it('names a call without a model by its operation, and its attempt by the model that is sent', async () => {
  const { tracer, spans } = recordSpans()
  const router = new Router({ tracer: createOtelTracer({ tracer }) })
  router.addModel(async () => Response.json({ object: 'answer' }), { modelName: 'a', models: ['m-1'] })
  await router.fetch('/v1/embeddings', { method: 'POST', body: '{"input":"x"}' })
  expect(spans().map(({ name }) => name)).toEqual(['embeddings m-1', 'embeddings'])
})
