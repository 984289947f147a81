import { validateHeaderName, validateHeaderValue } from 'node:http'
import type { FaultSpec } from './faults.ts'
import { MAX_TIMER_MS } from './parse-options.ts'

const KINDS = ['status', 'delayMs', 'hang', 'reset', 'cutAfterEvents', 'endAfterEvents', 'garbage'] as const
const PATHS = ['chat', 'all', 'discovery', 'rpc']

/** Least and greatest value of a fault's numbers: final HTTP statuses, what timers hold, events of a stream. */
const LIMITS = {
  status: [200, 999],
  delayMs: [0, MAX_TIMER_MS],
  cutAfterEvents: [0, Number.MAX_SAFE_INTEGER],
  endAfterEvents: [0, Number.MAX_SAFE_INTEGER],
} as const

/** Refuses a fault that would be something else than what it says: a node cannot do it.
 * @throws TypeError or RangeError whose message begins with the field. */
export function checkFault(spec: FaultSpec): void {
  if (!KINDS.some((kind) => kind in spec)) throw new TypeError(`fault must have one of ${KINDS.join(', ')}.`)
  const { times = 1, path = 'chat' } = spec
  if (!(times >= 1)) throw new RangeError('times must be >= 1.')
  if (!PATHS.includes(path)) throw new TypeError(`path must be one of ${PATHS.join(', ')}.`)
  const values: Readonly<Record<string, unknown>> = { ...spec }
  for (const [field, range] of Object.entries(LIMITS)) checkWithin(field, values[field], range)
  if (!('status' in spec)) return
  checkBody(spec.body)
  checkHeaders(spec.headers)
}

function checkWithin(field: string, value: unknown, [min, max]: readonly [number, number]): void {
  if (value === undefined || (typeof value === 'number' && value >= min && value <= max)) return
  throw new RangeError(`${field} must be a number from ${min} to ${max}; got ${String(value)}.`)
}

function checkBody(body: unknown): void {
  if (body === undefined || typeof body === 'string' || isJson(body)) return
  throw new TypeError('body must be text or a value that JSON can write.')
}

function isJson(value: unknown): boolean {
  try {
    return JSON.stringify(value) !== undefined
  } catch {
    return false
  }
}

function checkHeaders(headers: Readonly<Record<string, string>> = {}): void {
  try {
    for (const [name, value] of Object.entries(headers)) {
      validateHeaderName(name)
      validateHeaderValue(name, value)
    }
  } catch (cause) {
    throw new TypeError('headers must hold names and values that HTTP allows.', { cause })
  }
}
