import { refuse } from './refuse.ts'
import type { Spec } from './spec.ts'
import { readVarint, type Varint } from './varint.ts'

/** Field numbers and kinds of a message; `list` is a repeated field of bytes. */
export type Shape = Readonly<Record<string, readonly [fieldNumber: number, kind: 'varint' | 'bytes' | 'list']>>

/** A decoded message. As in proto3, an absent varint is 0; absent bytes are undefined, so that presence can be seen. */
export type Message<S extends Shape> = {
  readonly [K in keyof S]: S[K][1] extends 'varint'
    ? number
    : S[K][1] extends 'bytes'
      ? Uint8Array | undefined
      : readonly Uint8Array[]
}

const VARINT = 0
const BYTES = 2

/** Reads one protobuf message strictly: known fields only, each once, of the right wire type, with minimal varints.
 * Never recurses and never copies, so that its cost is bounded by the length of the bytes.
 * @throws {GonkaProofVerificationError} `proof-malformed`; `proof-too-deep` when a list outgrows the spec. */
export function readMessage<S extends Shape>(bytes: Uint8Array, shape: S, spec: Spec): Message<S> {
  const values = new Map<string, unknown>()
  let offset = 0
  while (offset < bytes.length) {
    const tag = expectVarint(readVarint(bytes, offset), offset, spec)
    const { name, kind } = findField(shape, tag.value, spec)
    const head = expectVarint(readVarint(bytes, tag.end), tag.end, spec)
    const end = kind === 'varint' ? head.end : head.end + head.value
    if (end > bytes.length) throw malformed(`a ${name} of ${head.value} bytes that ends past the message`, spec)
    const value = kind === 'varint' ? head.value : bytes.subarray(head.end, end)
    if (kind === 'list') append(values, name, { value, spec })
    else setOnce(values, name, { value, spec })
    offset = end
  }
  return withDefaults(shape, values)
}

function findField(shape: Shape, tag: number, spec: Spec): { name: string; kind: 'varint' | 'bytes' | 'list' } {
  for (const [name, [fieldNumber, kind]] of Object.entries(shape)) {
    if (tag === fieldNumber * 8 + (kind === 'varint' ? VARINT : BYTES)) return { name, kind }
  }
  const expected = Object.keys(shape).join(', ')
  throw malformed(`field ${Math.floor(tag / 8)} with wire type ${tag % 8}; known are ${expected}`, spec)
}

function append(values: Map<string, unknown>, name: string, { value, spec }: { value: unknown; spec: Spec }): void {
  const list = (values.get(name) ?? []) as unknown[]
  if (list.length === spec.maxDepth) {
    throw refuse('proof-too-deep', `Expected at most ${spec.maxDepth} inner nodes.`, spec)
  }
  list.push(value)
  values.set(name, list)
}

function setOnce(values: Map<string, unknown>, name: string, { value, spec }: { value: unknown; spec: Spec }): void {
  if (values.has(name)) throw malformed(`a second ${name}`, spec)
  values.set(name, value)
}

function withDefaults<S extends Shape>(shape: S, values: Map<string, unknown>): Message<S> {
  const message: Record<string, unknown> = {}
  for (const [name, [, kind]] of Object.entries(shape)) {
    const absent = kind === 'varint' ? 0 : kind === 'list' ? [] : undefined
    message[name] = values.get(name) ?? absent
  }
  return message as Message<S>
}

function expectVarint(varint: Varint | undefined, offset: number, spec: Spec): Varint {
  if (varint === undefined) throw malformed(`a truncated, padded or over-long varint at byte ${offset}`, spec)
  return varint
}

function malformed(problem: string, spec: Spec): Error {
  return refuse('proof-malformed', `Expected a strictly encoded ICS23 proof; found ${problem}.`, spec)
}
