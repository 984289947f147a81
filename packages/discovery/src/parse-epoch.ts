import { GonkaDiscoveryError } from '@gonka/protocol'

/** An epoch to ask for: the one in force, or a number >= 1. */
export type Epoch = 'current' | number

/** Checks an epoch before it goes into a path.
 * @throws {GonkaDiscoveryError} `epoch-invalid` for anything but `current` and whole numbers >= 1; nodes know no `next`. */
export function parseEpoch(epoch: string | number): Epoch {
  if (epoch === 'current') return epoch
  const digits = typeof epoch === 'string' && /^\d+$/.test(epoch)
  const value = typeof epoch === 'number' || digits ? Number(epoch) : Number.NaN
  if (Number.isSafeInteger(value) && value >= 1) return value
  const came = typeof epoch === 'string' || typeof epoch === 'number' ? String(epoch).slice(0, 40) : typeof epoch
  throw new GonkaDiscoveryError(
    'epoch-invalid',
    `epoch must be "current" or a whole number from 1 to 2^53 - 1; got ${JSON.stringify(came)}.`,
  )
}
