import { GonkaConfigError, parseHttpUrl } from '@gonka/protocol'
import type { UncheckedOptions } from '../config-options.ts'
import { invalidField } from '../schemas.ts'
import { GonkaBroker } from './gonka-broker.ts'

/** Checks the brokers of a configuration. Their keys go no further than this and the requests to their own URL.
 * @throws {GonkaConfigError} with the field, as `brokers[0].url`: `url-invalid`, `key-invalid`, `config-invalid`. */
export function resolveBrokers({ brokers = [] }: UncheckedOptions): readonly GonkaBroker[] {
  if (!Array.isArray(brokers)) throw invalidField('brokers', 'a list of { url, apiKey }', brokers)
  const resolved = brokers.map((each: unknown, index) => resolveBroker(each, `brokers[${index}]`))
  const names = resolved.map(({ name }) => name)
  const again = names.findIndex((name, index) => names.indexOf(name) !== index)
  if (again >= 0) throw repeatedName(again)
  return Object.freeze(resolved)
}

/** Checks one broker; one that was checked before is what it was.
 * @param field - Where it stands, as `brokers[0]`.
 * @throws {GonkaConfigError} as `resolveBrokers`. */
export function resolveBroker(broker: unknown, field: string): GonkaBroker {
  if (broker instanceof GonkaBroker) return broker
  if (typeof broker !== 'object' || broker === null) {
    throw invalidField(field, '{ url, apiKey }, or "url;key" in GONKA_BROKERS', broker)
  }
  const { url: givenUrl, apiKey, weight = 1, models, aliases, maxConcurrent, name } = broker as Record<string, unknown>
  const url = parseHttpUrl(givenUrl as string, `${field}.url`)
  return new GonkaBroker({
    url,
    // Called on its owner: it may be a method of another copy of this class.
    apiKey: checkApiKey(typeof apiKey === 'function' ? apiKey.call(broker) : apiKey, `${field}.apiKey`),
    weight: checkWeight(weight, `${field}.weight`),
    models: checkModels(models, `${field}.models`),
    aliases: checkAliases(aliases, `${field}.aliases`),
    maxConcurrent: checkLimit(maxConcurrent, `${field}.maxConcurrent`),
    name: name === undefined ? new URL(url).host : checkName(name, `${field}.name`),
  })
}

/** What a header can hold and a copied key has no reason to: white space, line breaks and quotation marks mean a bad paste. A
 * URL means that the next broker follows behind a semicolon, and its key would be sent to this one. */
function checkApiKey(apiKey: unknown, field: string): string {
  const isKey = typeof apiKey === 'string' && /^[\x21-\x7e]{1,4096}$/.test(apiKey) && !/^["'`]|["'`]$/.test(apiKey)
  if (isKey && !apiKey.includes('://')) return apiKey
  const message = `${field} must be the broker's key: 1 to 4096 visible ASCII characters without white space, and no quotation marks around them; got ${describeKey(apiKey)}.`
  throw new GonkaConfigError('key-invalid', message, { field })
}

function describeKey(apiKey: unknown): string {
  if (apiKey === undefined) return 'none'
  if (apiKey === '') return 'an empty one'
  if (typeof apiKey !== 'string') return `a value of type ${typeof apiKey}`
  return apiKey.includes('://')
    ? 'one with a URL in it: a comma separates brokers, a semicolon a URL and its key'
    : 'one with other characters'
}

function checkWeight(weight: unknown, field: string): number {
  if (typeof weight === 'number' && weight >= 0 && weight <= Number.MAX_SAFE_INTEGER) return weight
  throw invalidField(field, 'a number from 0 to 2^53 - 1', weight)
}

function checkLimit(limit: unknown, field: string): number | undefined {
  if (limit === undefined || (typeof limit === 'number' && Number.isSafeInteger(limit) && limit >= 1)) return limit
  throw invalidField(field, 'a whole number >= 1, or left out', limit)
}

function checkModels(models: unknown, field: string): readonly string[] | undefined {
  if (models === undefined) return undefined
  const valid = Array.isArray(models) && models.length > 0
  if (valid && models.every((id) => typeof id === 'string' && id !== '')) return Object.freeze([...new Set(models)])
  throw invalidField(field, 'a list of at least one model id, or left out to ask the broker', models)
}

function checkAliases(aliases: unknown, field: string): Readonly<Record<string, string>> | undefined {
  if (aliases === undefined) return undefined
  const isObject = typeof aliases === 'object' && aliases !== null && !Array.isArray(aliases)
  const entries = isObject ? Object.entries(aliases) : []
  const isEachFine = entries.every(([name, id]) => name !== '' && typeof id === 'string' && id !== '')
  if (isObject && isEachFine) return Object.freeze({ ...(aliases as Record<string, string>) })
  throw invalidField(field, 'an object of model ids by the name that requests use', aliases)
}

function checkName(name: unknown, field: string): string {
  if (typeof name === 'string' && /^[\x21-\x7e]{1,100}$/.test(name)) return name
  throw invalidField(field, '1 to 100 visible ASCII characters without white space', name)
}

function repeatedName(index: number): GonkaConfigError {
  const field = `brokers[${index}].name`
  const message = `${field} must differ from the other brokers' names, which are their hosts by default. Two of one host can be given as the option brokers, each with a name.`
  return new GonkaConfigError('config-invalid', message, { field })
}
