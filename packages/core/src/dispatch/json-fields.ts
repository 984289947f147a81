/** Where a top-level field's value stands in a JSON object: byte offsets, end exclusive. */
export interface FieldSpan {
  readonly start: number
  readonly end: number
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COLON = 0x3a
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d

/** Finds top-level fields of a JSON object without parsing it, so that megabytes of messages are read once and stay as
 * they are. A name that occurs twice gives its last place, as `JSON.parse` does; so does one written with escapes.
 * @param bytes - UTF-8 JSON. On anything that is not an object the result is empty; validity is the upstream's to judge.
 * @param names - Field names, plain ASCII.
 * @returns The span of each value that was found. */
export function findTopLevelFields(bytes: Uint8Array, names: readonly string[]): Map<string, FieldSpan> {
  const found = new Map<string, FieldSpan>()
  if (!isObjectText(bytes)) return found
  let offset = startOfText(bytes) + 1
  while (offset < bytes.length) {
    const keyStart = bytes.indexOf(QUOTE, offset)
    if (keyStart === -1) return found
    const keyEnd = endOfString(bytes, keyStart)
    const colon = skipSpace(bytes, keyEnd)
    if (bytes[colon] !== COLON) return found
    const start = skipSpace(bytes, colon + 1)
    const end = endOfValue(bytes, start)
    const name = findName(bytes.subarray(keyStart, keyEnd), names)
    if (name !== undefined) found.set(name, { start, end })
    offset = skipSpace(bytes, end)
    if (bytes[offset] === CLOSE_BRACE) return found
  }
  return found
}

/** Whether the bytes begin like a JSON object, after white space and a byte order mark. */
export function isObjectText(bytes: Uint8Array): boolean {
  return bytes[startOfText(bytes)] === OPEN_BRACE
}

/** Puts a field in front of all others of a JSON object; bytes that are no object come back as they are. */
export function prependField(bytes: Uint8Array<ArrayBuffer>, name: string, value: string): Uint8Array<ArrayBuffer> {
  if (!isObjectText(bytes)) return bytes
  const start = startOfText(bytes) + 1
  const isEmpty = bytes[skipSpace(bytes, start)] === CLOSE_BRACE
  const field = `${JSON.stringify(name)}:${JSON.stringify(value)}`
  return spliceBytes(bytes, { start, end: start }, isEmpty ? field : `${field},`)
}

/** Puts `replacement` where `span` stands; every other byte stays. */
export function spliceBytes(bytes: Uint8Array, span: FieldSpan, replacement: string): Uint8Array<ArrayBuffer> {
  const inserted = new TextEncoder().encode(replacement)
  const result = new Uint8Array(bytes.length - (span.end - span.start) + inserted.length)
  result.set(bytes.subarray(0, span.start), 0)
  result.set(inserted, span.start)
  result.set(bytes.subarray(span.end), span.start + inserted.length)
  return result
}

function endOfValue(bytes: Uint8Array, start: number): number {
  if (bytes[start] === QUOTE) return endOfString(bytes, start)
  let depth = 0
  for (let offset = start; offset < bytes.length; offset++) {
    const byte = bytes[offset]
    if (byte === QUOTE) offset = endOfString(bytes, offset) - 1
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth += 1
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth -= 1
    if (depth < 0) return offset
    if (depth === 0 && isEndOfValue(bytes, offset)) return offset + 1
  }
  return bytes.length
}

/** A value at depth 0 ends where its bracket closes, or before a comma, a closing brace or white space. */
function isEndOfValue(bytes: Uint8Array, offset: number): boolean {
  const byte = bytes[offset]
  if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET || byte === QUOTE) return true
  const next = bytes[offset + 1]
  return next === undefined || next === 0x2c || next === CLOSE_BRACE || isSpace(next)
}

function endOfString(bytes: Uint8Array, start: number): number {
  for (let offset = start + 1; offset < bytes.length; offset++) {
    if (bytes[offset] === BACKSLASH) offset += 1
    else if (bytes[offset] === QUOTE) return offset + 1
  }
  return bytes.length
}

function skipSpace(bytes: Uint8Array, offset: number): number {
  let at = offset
  while (at < bytes.length && isSpace(bytes[at])) at += 1
  return at
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
}

function startOfText(bytes: Uint8Array): number {
  const hasByteOrderMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf
  return skipSpace(bytes, hasByteOrderMark ? 3 : 0)
}

function findName(key: Uint8Array, names: readonly string[]): string | undefined {
  if (!key.includes(BACKSLASH)) return names.find((name) => equalsAscii(key.subarray(1, -1), name))
  const name = unescapeKey(key)
  return names.find((candidate) => candidate === name)
}

function unescapeKey(key: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(key))
  } catch {
    return undefined
  }
}

function equalsAscii(bytes: Uint8Array, text: string): boolean {
  if (bytes.length !== text.length) return false
  for (let i = 0; i < text.length; i++) if (bytes[i] !== text.charCodeAt(i)) return false
  return true
}
