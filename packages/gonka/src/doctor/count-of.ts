/** A number and a noun that fits it: `1 broker`, `3 brokers`. */
export function countOf(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
