import { GonkaError, GonkaRefreshError } from '@gonka/protocol'

/** Turns whatever a refresh failed with into the error that its result carries.
 * @param cause - What was thrown. Only messages of our own errors are repeated: others may hold anything.
 * @param lastSuccessfulEpoch - Epoch of the set that stays in use. */
export function toRefreshError(cause: unknown, lastSuccessfulEpoch: number | undefined): GonkaRefreshError {
  if (cause instanceof GonkaRefreshError) return cause
  const reason = cause instanceof GonkaError ? cause.message : nameOf(cause)
  const kept =
    lastSuccessfulEpoch === undefined ? 'there is no earlier set' : `epoch ${lastSuccessfulEpoch} stays in use`
  return new GonkaRefreshError(`The refresh failed and ${kept}: ${reason}`, { lastSuccessfulEpoch, cause })
}

function nameOf(value: unknown): string {
  return value instanceof Error ? value.name : `a thrown ${typeof value}`
}
