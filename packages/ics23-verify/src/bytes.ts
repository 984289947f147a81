const MAX_SHOWN_BYTES = 48

/** Orders byte strings as the trees do: by the first byte that differs, a prefix before its extensions.
 * @returns Negative, zero or positive, as `a` comes before, equals or comes after `b`. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length)
  for (let i = 0; i < shared; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

/** Tells whether two byte strings are the same, length included. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return compareBytes(a, b) === 0
}

/** Shows bytes in a message: hex, cut after 48 bytes. */
export function describeBytes(bytes: Uint8Array): string {
  const hex = Array.from(bytes.subarray(0, MAX_SHOWN_BYTES), (byte) => byte.toString(16).padStart(2, '0')).join('')
  return bytes.length > MAX_SHOWN_BYTES ? `${hex}… (${bytes.length} bytes)` : hex
}
