/** How a broker's outages are planned. */
export interface OutageOptions {
  /** Share of the time in which it is up, 0 to 1. */
  readonly uptime: number
  /** How many pieces of time are planned. */
  readonly slots: number
  /** How many of them an outage lasts on average, >= 1. */
  readonly meanOutageSlots: number
  readonly random: () => number
}

/** Plans when a broker is up: outages of random length at random times, and exactly the uptime over all.
 * @returns For each slot whether it is up. */
export function planOutages({ uptime, slots, meanOutageSlots, random }: OutageOptions): readonly boolean[] {
  const down = Math.round((1 - uptime) * slots)
  const outages = Math.min(Math.max(1, Math.round(down / meanOutageSlots)), down, slots - down + 1)
  if (outages === 0) return Array.from({ length: slots }, () => true)
  const downs = split(down - outages, outages, random).map((length) => length + 1)
  // Between two outages there is at least one slot, or they would be one.
  const ups = split(slots - down - (outages - 1), outages + 1, random).map((length, gap) =>
    gap === 0 || gap === outages ? length : length + 1,
  )
  return ups.flatMap((up, gap) => [...repeat(true, up), ...repeat(false, downs[gap] ?? 0)])
}

/** Cuts `total` into parts of random size, 0 included. */
function split(total: number, parts: number, random: () => number): number[] {
  const cuts = Array.from({ length: parts - 1 }, () => Math.floor(random() * (total + 1))).sort((a, b) => a - b)
  return [...cuts, total].map((cut, index) => cut - (cuts[index - 1] ?? 0))
}

function repeat(value: boolean, times: number): boolean[] {
  return Array.from({ length: times }, () => value)
}
