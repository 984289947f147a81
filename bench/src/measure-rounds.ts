import { medianOf } from './statistics.ts'

/** What is measured: does its work `calls` times and says what one of them cost, in microseconds. */
export type Subject = (calls: number) => Promise<number>

/** One subject's rounds in short. */
export interface Measurement {
  /** Median over the rounds, in microseconds per call. */
  readonly medianUs: number
  /** The fastest round, in microseconds per call. */
  readonly minUs: number
  /** The slowest round, in microseconds per call. */
  readonly maxUs: number
}

/** How much is measured. */
export interface RoundsOptions {
  /** Rounds that count. @default 9 */
  readonly rounds?: number | undefined
  /** Calls of one subject in one round. */
  readonly calls: number
  /** Rounds before those that count, for the compiler and the connections. @default 2 */
  readonly warmUps?: number | undefined
}

/** Measures subjects side by side: every round runs all of them, each round begins with another one, so that what the
 * machine does meanwhile falls on all alike.
 * @returns What each costs, under its name. */
export async function measureRounds<Name extends string>(
  subjects: Readonly<Record<Name, Subject>>,
  { rounds = 9, calls, warmUps = 2 }: RoundsOptions,
): Promise<Record<Name, Measurement>> {
  const names = Object.keys(subjects) as Name[]
  const seen = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>
  for (let round = -warmUps; round < rounds; round++) {
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(round + warmUps + turn) % names.length] as Name
      const costUs = await subjects[name](calls)
      if (round >= 0) seen[name].push(costUs)
    }
  }
  return Object.fromEntries(names.map((name) => [name, summarise(seen[name])])) as Record<Name, Measurement>
}

/** Measures by the clock: the median of the calls' own times, so that one pause of the machine does not count for all. */
export function byClock(run: () => Promise<unknown>): Subject {
  return async (calls) => {
    const timesUs: number[] = []
    for (let call = 0; call < calls; call++) {
      const startedNs = process.hrtime.bigint()
      await run()
      timesUs.push(Number(process.hrtime.bigint() - startedNs) / 1_000)
    }
    return medianOf(timesUs)
  }
}

/** Measures by the processor time of the whole process, its garbage collection included: the mean of the calls. */
export function byProcessor(run: () => Promise<unknown>): Subject {
  return async (calls) => {
    const before = process.cpuUsage()
    for (let call = 0; call < calls; call++) await run()
    const { user, system } = process.cpuUsage(before)
    return (user + system) / calls
  }
}

function summarise(rounds: readonly number[]): Measurement {
  return { medianUs: medianOf(rounds), minUs: Math.min(...rounds), maxUs: Math.max(...rounds) }
}
