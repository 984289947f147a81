/** Shows the platform's code of a failure, such as ECONNREFUSED or ENOSPC, its own or that of its cause. Messages are left out:
 * they may repeat a URL or a header.
 * @param error - Anything that was thrown.
 * @returns ` (ECONNREFUSED)`, to go behind a sentence of ours; empty when there is no code.
 * @example const message = `The node could not be reached${describeErrorCode(error)}.` */
export function describeErrorCode(error: unknown): string {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: { code?: unknown } | null }
  const found = typeof code === 'string' ? code : cause?.code
  return typeof found === 'string' && /^[A-Z][A-Z0-9_]{2,40}$/.test(found) ? ` (${found})` : ''
}
