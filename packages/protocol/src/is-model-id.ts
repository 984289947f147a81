const MAX_LENGTH = 256

/** Characters that a terminal or a log obeys: control characters, line separators, and those that turn the reading direction. */
const OBEYED = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u

/** Tells whether a model id from a stranger's list may be used: it ends up in error messages, logs and on terminals.
 * @param value - Anything.
 * @returns True for 1 to 256 characters of any script, not all white space, none of which a terminal obeys.
 * @example const models = ['Qwen/Qwen3-32B', '\u001b[2J'].filter(isModelId) // ['Qwen/Qwen3-32B'] */
export function isModelId(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_LENGTH && value.trim() !== '' && !OBEYED.test(value)
}
