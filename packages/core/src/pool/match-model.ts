import type { Member } from './member.ts'

/** What a request asks for. */
export interface ModelRequest {
  /** Path below the base URL, `/chat/completions`. */
  readonly path: string
  /** The `model` of the request; undefined when it leaves the choice to the pool. */
  readonly model: string | undefined
}

/** Names that leave the choice of a model to the pool. */
const ANY_MODEL: readonly string[] = ['', 'auto', 'placeholder']

/** Reads a request's `model`: undefined for the names that mean "any". */
export function parseModel(model: string | undefined): string | undefined {
  return model === undefined || ANY_MODEL.includes(model) ? undefined : model
}

/** Finds the model id that `member` would be sent for a request, or undefined when it cannot serve it.
 * The upstream always receives its own id: alias target, listed id, or its default; never the member's name. */
export function upstreamModelFor(member: Member, { path, model }: ModelRequest): string | undefined {
  if (member.paths && !member.paths.includes(path)) return undefined
  const { models, aliases, defaultModel } = member.settings
  const fallback = defaultModel ?? models?.[0] ?? (models === undefined ? member.name : undefined)
  if (model === undefined) return fallback
  const alias = Object.hasOwn(aliases, model) ? aliases[model] : undefined
  if (alias !== undefined) return alias
  if (models?.includes(model)) return model
  if (model === member.name) return fallback
  return models === undefined ? model : undefined
}

/** The ids under which `member` can be asked for, without its own name. */
export function servedModels(member: Member): string[] {
  return [...new Set([...Object.keys(member.settings.aliases), ...(member.settings.models ?? [])])]
}
