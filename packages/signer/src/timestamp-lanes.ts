const MAX_LANES = 1_000
const NS_PER_US = 1_000n

/** Timestamps that are never the same twice, also when the time they follow goes back. */
export interface TimestampLanes {
  /** Gives a timestamp for a time, or for the first microsecond after it that is free.
   * @param timeUs - Microseconds since the Unix epoch.
   * @returns Nanoseconds, greater than what it returned before, unless `follow` was called in between. */
  next(timeUs: bigint): bigint
  /** Lets timestamps go on from a time, also from one before those already given. */
  follow(timeUs: bigint): void
}

/** Timestamps whose last three digits are the same, one per microsecond, each later than the one before. */
interface Lane {
  readonly digits: bigint
  lastUs: bigint
}

/** Makes timestamps in up to a thousand lanes. Within a lane they increase, and no two lanes share a timestamp, so none ever
 * comes twice and nothing has to be remembered but the last one of each lane. Time that goes back is followed in a lane that
 * ends before it. When a thousand lanes all end later, it cannot be followed: then the earliest lane goes on, and stays unique.
 * @param firstDigits - Last three digits of the first lane's timestamps, 0 to 999. */
export function createTimestampLanes(firstDigits: number): TimestampLanes {
  const lanes: Lane[] = []
  const openLane = (): Lane => {
    const lane = { digits: BigInt((firstDigits + lanes.length) % MAX_LANES), lastUs: 0n }
    lanes.push(lane)
    return lane
  }
  let current = openLane()
  return {
    next: (timeUs) => {
      current.lastUs = timeUs > current.lastUs ? timeUs : current.lastUs + 1n
      return current.lastUs * NS_PER_US + current.digits
    },
    follow: (timeUs) => {
      current = closestBefore(lanes, timeUs) ?? (lanes.length < MAX_LANES ? openLane() : earliest(lanes))
    },
  }
}

/** The lane that wastes the least: lanes that end earlier stay free for jumps further back. */
function closestBefore(lanes: readonly Lane[], timeUs: bigint): Lane | undefined {
  const fitting = lanes.filter(({ lastUs }) => lastUs < timeUs)
  return fitting.length === 0 ? undefined : fitting.reduce((best, lane) => (lane.lastUs > best.lastUs ? lane : best))
}

function earliest(lanes: readonly Lane[]): Lane {
  return lanes.reduce((best, lane) => (lane.lastUs < best.lastUs ? lane : best))
}
