import { IAVL } from './iavl-spec.ts'
import { type ProofType, refuse } from './refuse.ts'
import { SIMPLE } from './simple-spec.ts'
import type { Spec } from './spec.ts'

const ROOT_BYTES = 32

/** Reads the caller's options one by one, so that code without types gets a coded error and not a crash. */
export interface InputReader {
  readonly bytes: (name: string) => Uint8Array
  /** 32 bytes. */
  readonly root: (name: string) => Uint8Array
  readonly text: (name: string) => string
  readonly list: (name: string) => readonly unknown[]
}

/** Makes a reader of one options object.
 * @param options - What the caller passed.
 * @param proofType - What errors are about.
 * @throws {GonkaProofVerificationError} `proof-input-invalid`, with the name of the option. */
export function readInput(options: unknown, proofType: ProofType): InputReader {
  if (typeof options !== 'object' || options === null) {
    throw invalid('an options object', kindOf(options), proofType)
  }
  const values = options as Readonly<Record<string, unknown>>
  return {
    bytes: (name) => readBytes(values[name], name, proofType),
    root: (name) => readRoot(values[name], name, proofType),
    text: (name) => readText(values[name], name, proofType),
    list: (name) => readList(values[name], name, proofType),
  }
}

/** Finds the rules for the tree that the caller named. */
export function readSpec(options: unknown): Spec {
  const name = readInput(options, 'ics23').text('spec')
  if (name === 'iavl') return IAVL
  if (name === 'simple') return SIMPLE
  throw refuse('proof-input-invalid', "spec must be 'iavl' or 'simple'.", { proofType: 'ics23' })
}

function readBytes(value: unknown, name: string, proofType: ProofType): Uint8Array {
  if (!(ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === '[object Uint8Array]')) {
    throw invalid(`${name} as a Uint8Array`, kindOf(value), proofType)
  }
  // A plain view of the same bytes: subclasses and arrays of other realms behave alike from here on. Detached ones are empty.
  return value.byteLength === 0 ? new Uint8Array() : new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
}

function readRoot(value: unknown, name: string, proofType: ProofType): Uint8Array {
  const root = readBytes(value, name, proofType)
  if (root.length !== ROOT_BYTES) throw invalid(`${name} of ${ROOT_BYTES} bytes`, `${root.length}`, proofType)
  return root
}

function readText(value: unknown, name: string, proofType: ProofType): string {
  if (typeof value !== 'string') throw invalid(`${name} as a string`, kindOf(value), proofType)
  return value
}

function readList(value: unknown, name: string, proofType: ProofType): readonly unknown[] {
  if (!Array.isArray(value)) throw invalid(`${name} as an array`, kindOf(value), proofType)
  return value
}

function invalid(expected: string, found: string, proofType: ProofType): Error {
  return refuse('proof-input-invalid', `Expected ${expected}; got ${found}.`, { proofType })
}

function kindOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value
}
