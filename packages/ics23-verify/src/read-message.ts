import { refuse } from './refuse.ts'
import type { Spec } from './spec.ts'
import { readVarint, type Varint } from './varint.ts'

/** Field numbers and kinds of a message; `list` is a repeated field of bytes. */
export type Shape = Readonly<Record<string, readonly [fieldNumber: number, kind: Kind]>>

type Kind = 'varint' | 'bytes' | 'list'

/** A decoded message. As in proto3, an absent varint is 0; absent bytes are undefined, so that presence can be seen. */
export type Message<S extends Shape> = {
  readonly [K in keyof S]: S[K][1] extends 'varint'
    ? number
    : S[K][1] extends 'bytes'
      ? Uint8Array | undefined
      : readonly Uint8Array[]
}

interface Field {
  readonly name: string
  readonly tag: number
  readonly kind: Kind
}

const VARINT = 0
const BYTES = 2

/** Makes a reader of one kind of message, strict: known fields only, each once, of the right wire type, with minimal
 * varints. A reader never recurses and never copies, so that its cost is bounded by the length of the bytes. It throws
 * `proof-malformed`, and `proof-too-deep` when a list outgrows the spec. */
export function createMessageReader<const S extends Shape>(shape: S): (bytes: Uint8Array, spec: Spec) => Message<S> {
  const fields = Object.entries(shape).map(([name, [fieldNumber, kind]]): Field => {
    return { name, kind, tag: fieldNumber * 8 + (kind === 'varint' ? VARINT : BYTES) }
  })
  return (bytes, spec) => {
    const message = emptyMessage(fields)
    const seen = new Set<Field>()
    for (let offset = 0; offset < bytes.length; ) {
      const { field, value, end } = readField(bytes, offset, { fields, spec })
      if (field.kind === 'list') append(message[field.name] as unknown[], value, spec)
      else if (seen.has(field)) throw malformed(`a second ${field.name}`, spec)
      else message[field.name] = value
      seen.add(field)
      offset = end
    }
    return message as Message<S>
  }
}

function readField(
  bytes: Uint8Array,
  offset: number,
  { fields, spec }: { fields: readonly Field[]; spec: Spec },
): { field: Field; value: number | Uint8Array; end: number } {
  const tag = expectVarint(readVarint(bytes, offset), offset, spec)
  const field = findField(fields, tag.value, spec)
  const head = expectVarint(readVarint(bytes, tag.end), tag.end, spec)
  if (field.kind === 'varint') return { field, value: head.value, end: head.end }
  const end = head.end + head.value
  if (end > bytes.length) throw malformed(`a ${field.name} of ${head.value} bytes that ends past the message`, spec)
  return { field, value: bytes.subarray(head.end, end), end }
}

function emptyMessage(fields: readonly Field[]): Record<string, unknown> {
  const message: Record<string, unknown> = {}
  for (const { name, kind } of fields) message[name] = kind === 'varint' ? 0 : kind === 'list' ? [] : undefined
  return message
}

function findField(fields: readonly Field[], tag: number, spec: Spec): Field {
  const field = fields.find((candidate) => candidate.tag === tag)
  if (field === undefined) {
    const known = fields.map(({ name }) => name).join(', ')
    throw malformed(`field ${Math.floor(tag / 8)} with wire type ${tag % 8}; known are ${known}`, spec)
  }
  return field
}

function append(list: unknown[], value: unknown, spec: Spec): void {
  if (list.length === spec.maxDepth) {
    throw refuse('proof-too-deep', `Expected at most ${spec.maxDepth} inner nodes.`, spec)
  }
  list.push(value)
}

function expectVarint(varint: Varint | undefined, offset: number, spec: Spec): Varint {
  if (varint === undefined) throw malformed(`a truncated, padded or over-long varint at byte ${offset}`, spec)
  return varint
}

function malformed(problem: string, spec: Spec): Error {
  return refuse('proof-malformed', `Expected a strictly encoded ICS23 proof; found ${problem}.`, spec)
}
