import { GonkaConfigError } from '@gonka/protocol'
import type { SignatureScheme } from '@gonka/signer'
import * as v from 'valibot'
import type { UncheckedOptions } from './config-options.ts'

/** The fields of the configuration that need no more than their type and range, with defaults filled in. */
export interface PlainFields {
  readonly refreshEnabled: boolean
  readonly refreshIntervalMs: number
  readonly defaultMaxConcurrent?: number | undefined
  readonly registerAsFallback: boolean
  readonly modelNamePrefix: string
  readonly allowPrivateHosts: boolean
  readonly scheme: SignatureScheme
}

/** A schema's message is the end of the sentence "<field> must be …". */
const flag = (fallback: boolean) => v.optional(v.boolean('true or false'), fallback)
const INTERVAL = 'a finite number of milliseconds > 0'
const LIMIT = 'a whole number >= 1, or left out for no limit'
const PREFIX = 'a non-empty string'

const PLAIN_FIELDS = /* @__PURE__ */ v.object({
  refreshEnabled: flag(true),
  refreshIntervalMs: v.optional(v.pipe(v.number(INTERVAL), v.finite(INTERVAL), v.gtValue(0, INTERVAL)), 60_000),
  defaultMaxConcurrent: v.optional(v.pipe(v.number(LIMIT), v.safeInteger(LIMIT), v.minValue(1, LIMIT))),
  registerAsFallback: flag(false),
  modelNamePrefix: v.optional(v.pipe(v.string(PREFIX), v.nonEmpty(PREFIX)), 'gonka:'),
  allowPrivateHosts: flag(false),
  scheme: v.optional(v.picklist(['v1', 'v2'], "'v1' or 'v2'"), 'v2'),
})

/** Checks the plain fields.
 * @throws {GonkaConfigError} `config-invalid` with the first field at fault. */
export function parsePlainFields(options: UncheckedOptions): PlainFields {
  const result = v.safeParse(PLAIN_FIELDS, options, { abortEarly: true })
  if (result.success) return result.output
  const [issue] = result.issues
  throw invalidField(String(issue.path?.[0]?.key), issue.message, issue.input)
}

/** Builds the error of a field that is not what it must be. Texts are not repeated: one may be a key in the wrong place.
 * @param field - Name of the option.
 * @param expected - End of the sentence "<field> must be …".
 * @param got - What came. */
export function invalidField(field: string, expected: string, got: unknown): GonkaConfigError {
  return new GonkaConfigError('config-invalid', `${field} must be ${expected}; got ${describe(got)}.`, { field })
}

function describe(value: unknown): string {
  if (typeof value === 'string') return `a string of ${value.length} characters`
  if (typeof value === 'number' || typeof value === 'boolean' || value === undefined || value === null)
    return `${value}`
  return Array.isArray(value) ? 'a list' : `a value of type ${typeof value}`
}
