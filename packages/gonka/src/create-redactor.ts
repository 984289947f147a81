/** Shorter runs are in ordinary words. */
const WINDOW = 8

/** Makes a function that blots out secrets, and every run of 8 or more characters of one, in texts of others: a broker may
 * name its models after the key that it was sent.
 * @param secrets - Keys as they are; shorter ones than 8 characters are too like words to be told apart.
 * @example createRedactor(['f0aJ6uEy1TgN5oWi'])('model-J6uEy1TgN5') // 'model-[redacted]' */
export function createRedactor(secrets: readonly string[]): (text: string) => string {
  const windows = new Set(secrets.flatMap(windowsOf))
  if (windows.size === 0) return (text) => text
  return (text) => {
    const lower = text.toLowerCase()
    let shown = ''
    let start = 0
    while (start < text.length) {
      const end = endOfSecret(lower, start, windows)
      shown += end > start ? '[redacted]' : text[start]
      start = Math.max(end, start + 1)
    }
    return shown
  }
}

function windowsOf(secret: string): string[] {
  const lower = secret.toLowerCase()
  return Array.from({ length: Math.max(0, lower.length - WINDOW + 1) }, (_, at) => lower.slice(at, at + WINDOW))
}

/** Where the run that begins at `start` ends; `start` when none begins there. */
function endOfSecret(lower: string, start: number, windows: ReadonlySet<string>): number {
  let end = start
  for (let at = start; at <= Math.max(start, end - 1) && windows.has(lower.slice(at, at + WINDOW)); at++) {
    end = at + WINDOW
  }
  return end
}
