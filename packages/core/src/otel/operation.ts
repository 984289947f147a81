import type { Attributes } from '@opentelemetry/api'

/** What the GenAI semantic conventions call the operation behind a path; `other` for a path they have no word for. A path
 * is the caller's text and may hold ids, so it never becomes a name itself. */
export function operationOf(path: string): string {
  if (GENERATING_PATH.test(path)) return 'generate_content'
  return OPERATIONS.get(path) ?? 'other'
}

/** Tells the two APIs apart that share the operation `chat`. */
export function apiTypeOf(path: string): string | undefined {
  return API_TYPES.get(path)
}

/** `{operation} {model}`, as the conventions name spans; the operation alone when no model was named. */
export function spanNameOf(attributes: Attributes): string {
  const { 'gen_ai.operation.name': operation, 'gen_ai.request.model': model } = attributes
  return model ? `${operation} ${model}` : `${operation}`
}

const OPERATIONS: ReadonlyMap<string, string> = /* @__PURE__ */ new Map([
  ['/chat/completions', 'chat'],
  ['/responses', 'chat'],
  ['/completions', 'text_completion'],
  ['/embeddings', 'embeddings'],
])

const API_TYPES: ReadonlyMap<string, string> = /* @__PURE__ */ new Map([
  ['/chat/completions', 'chat_completions'],
  ['/responses', 'responses'],
])

const GENERATING_PATH = /^\/(images|audio)\//
