import { untilAborted } from '@gonka/protocol'

/** How often something runs. */
export interface ShareRunsOptions {
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number
  /** Least time from the start of one run to the start of the next, in milliseconds. */
  readonly intervalMs: number
}

interface Run {
  readonly startedAtMs: number
  readonly outcome: Promise<void>
  readonly controller: AbortController
  isOver: boolean
  waiting: number
}

/** Makes a function that runs `run`, but one at a time and seldom: whoever calls while a run is under way, or less than the
 * interval after it began, gets the outcome of that run. A run that nobody waits for any longer is aborted and does not count:
 * who calls after that did not abort anything, and needs an outcome.
 * @param run - What to do; rejects soon after its signal aborts.
 * @returns A function that resolves or rejects as the run does, or rejects with its own signal's reason. */
export function shareRuns(
  run: (signal: AbortSignal) => Promise<void>,
  { now, intervalMs }: ShareRunsOptions,
): (signal?: AbortSignal) => Promise<void> {
  let latest: Run | undefined
  return async (signal) => {
    signal?.throwIfAborted()
    const nowMs = now()
    if (!latest || isSpent(latest, nowMs, intervalMs)) latest = start(run, nowMs)
    await join(latest, signal)
  }
}

function isSpent({ controller, isOver, startedAtMs }: Run, nowMs: number, intervalMs: number): boolean {
  return controller.signal.aborted || (isOver && !isWithin(nowMs - startedAtMs, intervalMs))
}

/** A clock that went back gives a negative time: that is no reason to wait until it has caught up. */
function isWithin(elapsedMs: number, intervalMs: number): boolean {
  return elapsedMs >= 0 && elapsedMs < intervalMs
}

function start(run: (signal: AbortSignal) => Promise<void>, startedAtMs: number): Run {
  const controller = new AbortController()
  const started: Run = { startedAtMs, controller, outcome: run(controller.signal), isOver: false, waiting: 0 }
  const end = (): void => {
    started.isOver = true
  }
  started.outcome.then(end, end)
  return started
}

async function join(run: Run, signal: AbortSignal | undefined): Promise<void> {
  run.waiting++
  try {
    await untilAborted(run.outcome, signal)
  } finally {
    run.waiting--
    if (run.waiting === 0 && !run.isOver) run.controller.abort()
  }
}
