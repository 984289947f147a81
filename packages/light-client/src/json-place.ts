import type { LightClientErrorCode } from '@gonka/protocol'
import { refusal } from './errors.ts'

/** A value inside an untrusted JSON answer, and where it is. */
export interface Place {
  readonly value: unknown
  /** Path of the field, for messages. */
  readonly field: string
  /** Code of the refusal when the value is not what it should be. */
  readonly code: LightClientErrorCode
}

/** Refuses a value. Says of what kind it is, never what it is: it may be as long as the sender likes. */
export function unexpected({ value, field, code }: Place, expected: string): Error {
  return refusal(code, `${field} must be ${expected}; got ${describeKind(value)}.`)
}

/** A text.
 * @param expected - What the text should hold, for the message. */
export function textOf(place: Place, expected: string): string {
  if (typeof place.value !== 'string') throw unexpected(place, expected)
  return place.value
}

/** The property of an object; undefined when it has none of its own by that name. */
export function propertyOf(place: Place, name: string): Place {
  const { value, field, code } = place
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw unexpected(place, 'an object')
  const own = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined
  return { value: own, field: `${field}.${name}`, code }
}

/** The first of several names that the object has: the dialects differ in spelling. */
export function anyPropertyOf(place: Place, names: readonly [string, ...string[]]): Place {
  const found = names.map((name) => propertyOf(place, name))
  return found.find(({ value }) => value !== undefined) ?? propertyOf(place, names[0])
}

/** The entries of a list that is not longer than `maxLength`. */
export function entriesOf(place: Place, maxLength: number): Place[] {
  const { value, field, code } = place
  if (!Array.isArray(value)) throw unexpected(place, 'a list')
  if (value.length > maxLength)
    throw refusal(code, `${field} must have at most ${maxLength} entries; got ${value.length}.`)
  return value.map((entry, index) => ({ value: entry, field: `${field}[${index}]`, code }))
}

/** Whether the sender left the value out: Go writes nothing, proto JSON may write null. */
export function isMissing({ value }: Place): boolean {
  return value === undefined || value === null
}

function describeKind(value: unknown): string {
  if (typeof value === 'string') return `a text of ${value.length} characters`
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`
}
