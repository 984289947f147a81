import { countOf } from './count-of.ts'

const SHOWN = 5

/** Names models for a row, the first few of many. */
export function listModels(models: readonly string[]): string {
  const names = models.slice(0, SHOWN).join(', ')
  const more = models.length > SHOWN ? ` and ${models.length - SHOWN} more` : ''
  return `${countOf(models.length, 'model')}: ${names}${more}`
}
