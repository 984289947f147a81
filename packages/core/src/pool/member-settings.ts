import type { Classify, MemberOptions } from '../types.ts'

/** A member's options, checked and with defaults. */
export interface MemberSettings {
  readonly weight: number
  readonly tier: number
  readonly group: string
  readonly models: readonly string[] | undefined
  readonly aliases: Readonly<Record<string, string>>
  readonly defaultModel: string | undefined
  readonly maxConcurrent: number
  readonly rpm: number
  readonly tpm: number
  readonly classify: Classify | undefined
}

/** Checks a member's options and fills in the defaults.
 * @throws TypeError or RangeError naming the option, what was expected and what came. */
export function parseMemberSettings(options: MemberOptions): MemberSettings {
  const { modelName, weight = 1, tier = 0 } = options
  if (typeof modelName !== 'string' || modelName === '') throw new TypeError('modelName must be a non-empty string.')
  if (!isWellFormed(modelName))
    throw new TypeError('modelName must be well-formed text, without half a surrogate pair.')
  if (!(weight >= 0 && weight <= MAX_WEIGHT))
    throw new RangeError(`weight must be a finite number >= 0, at most ${MAX_WEIGHT}; got ${weight}.`)
  if (!(Number.isInteger(tier) && tier >= 0)) throw new RangeError(`tier must be a whole number >= 0; got ${tier}.`)
  if (!isListOfIds(options.models)) throw new TypeError('models must be an array of strings.')
  return {
    weight,
    tier,
    group: options.group ?? modelName,
    models: options.models && [...options.models],
    aliases: { ...options.aliases },
    defaultModel: options.defaultModel,
    maxConcurrent: parseLimit(options, 'maxConcurrent'),
    rpm: parseLimit(options, 'rpm'),
    tpm: parseLimit(options, 'tpm'),
    classify: options.classify,
  }
}

/** The sum of many weights must stay a number. */
const MAX_WEIGHT = 1e100

/** Only such names fit into the header that names the member. */
function isWellFormed(name: string): boolean {
  try {
    return encodeURI(name) !== ''
  } catch {
    return false
  }
}

function isListOfIds(models: unknown): boolean {
  return models === undefined || (Array.isArray(models) && models.every((id) => typeof id === 'string'))
}

function parseLimit(options: MemberOptions, name: 'maxConcurrent' | 'rpm' | 'tpm'): number {
  const limit = options[name] ?? Number.POSITIVE_INFINITY
  if (limit >= 1 && (Number.isInteger(limit) || limit === Number.POSITIVE_INFINITY)) return limit
  throw new RangeError(`${name} must be a whole number >= 1 (leave it out for no limit); got ${limit}.`)
}
