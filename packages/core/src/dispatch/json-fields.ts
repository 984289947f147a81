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
 * they are. A name that occurs twice gives its last place, as `JSON.parse` does.
 * @param bytes - UTF-8 JSON. On anything that is not an object the result is empty; validity is the upstream's to judge.
 * @param names - Field names, plain ASCII.
 * @returns The span of each value that was found. */
export function findTopLevelFields(bytes: Uint8Array, names: readonly string[]): Map<string, FieldSpan> {
  const found = new Map<string, FieldSpan>()
  let offset = skipSpace(bytes, 0)
  if (bytes[offset] !== OPEN_BRACE) return found
  offset += 1
  while (offset < bytes.length) {
    const keyStart = bytes.indexOf(QUOTE, offset)
    if (keyStart === -1) return found
    const keyEnd = endOfString(bytes, keyStart)
    const start = skipSpace(bytes, skipSpace(bytes, keyEnd) + 1)
    if (bytes[skipSpace(bytes, keyEnd)] !== COLON) return found
    const end = endOfValue(bytes, start)
    const name = names.find((candidate) => equalsAscii(bytes.subarray(keyStart + 1, keyEnd - 1), candidate))
    if (name !== undefined) found.set(name, { start, end })
    offset = skipSpace(bytes, end)
    if (bytes[offset] === CLOSE_BRACE) return found
  }
  return found
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

function equalsAscii(bytes: Uint8Array, text: string): boolean {
  if (bytes.length !== text.length) return false
  for (let i = 0; i < text.length; i++) if (bytes[i] !== text.charCodeAt(i)) return false
  return true
}
