import { getEventListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Logger, Multiplexer } from '@multiplexer/core'
import { type GonkaRegistrationResult, registerGonkaModels } from '@multiplexer/gonka'
import { fetchExpectedAnswers } from './expected-answers.ts'
import type { SoakOptions } from './options.ts'
import { PACE } from './pace.ts'
import { ProcessMeter, type Sample } from './process-meter.ts'
import type { Progress, SoakResult } from './soak-result.ts'
import { type RemoteNetwork, startNetwork } from './start-network.ts'
import { Traffic } from './traffic.ts'

/** A participant that is silent for so long has failed. */
const TIMEOUTS = { headersMs: 4_000, firstContentMs: 5_000, idleMs: 4_000, answerMs: 5_000 }
const PROMPTS = 60
const SAMPLE_MS = 2_500
const PROGRESS_MS = 5_000

/** Calls may wait a minute for a participant to come back; no call should need longer than this to end. */
const DRAIN_MS = 90_000

/** Runs a soak: network up, calls in flight, everything fails, calls ended, network gone, result.
 * @param say - Told of the progress every few seconds. */
export async function runSoak(
  { durationS, seed, inFlight }: Pick<SoakOptions, 'durationS' | 'seed' | 'inFlight'>,
  say: (progress: Progress) => void,
): Promise<SoakResult> {
  const meter = new ProcessMeter()
  const network = await startNetwork({ ...PACE, seed, seconds: durationS })
  const expected = await fetchExpectedAnswers(network.access, PROMPTS)
  const live = await connect(network)
  const whole = await connect(network, 'complete')
  const listeners = (await meter.sample()).listeners
  const traffic = new Traffic({ live: live.mux, whole: whole.mux, expected, inFlight })
  network.begin()
  const reporter = setInterval(() => say(describe(network, traffic, [live.mux, whole.mux])), PROGRESS_MS)
  await watch(meter, durationS)
  network.heal()
  const drained = await Promise.race([traffic.end().then(() => true), sleep(DRAIN_MS, false, { ref: false })])
  clearInterval(reporter)
  await Promise.all([live, whole].map(({ registration }) => registration.refreshManager?.stop()))
  const record = await network.record()
  const drainedSample = await meter.sample()
  await network.stop()
  const end = await settledSample(meter)
  return {
    seed,
    durationS,
    inFlight,
    tally: traffic.tally,
    complaints: traffic.complaints,
    interruptions: traffic.interruptions,
    drained,
    record,
    samples: meter.samples,
    drainedRequests: drainedSample.requests,
    end: {
      sockets: end.sockets,
      requests: end.requests,
      timers: end.timers,
      newListeners: end.listeners - listeners,
      abortListeners: getEventListeners(traffic.signal, 'abort').length,
    },
    alarms: meter.alarms,
    heldUpMs: meter.heldUpMs,
    stats: [live.mux.getStats(), whole.mux.getStats()],
    refreshes: [live, whole].map(({ refreshes }) => refreshes),
  }
}

/** A multiplexer on the network, and what its refreshes did. */
interface Client {
  readonly mux: Multiplexer
  readonly registration: GonkaRegistrationResult
  readonly refreshes: { succeeded: number; failed: number }
}

async function connect({ access }: RemoteNetwork, commit?: 'complete'): Promise<Client> {
  const mux = new Multiplexer({ commit, timeouts: TIMEOUTS })
  const refreshes = { succeeded: 0, failed: 0 }
  const registration = await registerGonkaModels(mux, {
    sourceUrls: access.sourceUrls,
    privateKey: access.privateKey,
    allowPrivateHosts: true,
    refreshIntervalMs: PACE.refreshIntervalMs,
    logger: countRefreshes(refreshes),
    discovery: { timeoutMs: PACE.discoveryTimeoutMs, retryCount: 1, retryDelayMs: 100 },
    env: {},
  })
  return { mux, registration, refreshes }
}

function countRefreshes(refreshes: Client['refreshes']): Logger {
  const ignore = (): void => {}
  return {
    debug: ignore,
    info: (message) => {
      if (message === 'participants refreshed') refreshes.succeeded += 1
    },
    warn: (_, details) => {
      if (details && 'failures' in details) refreshes.failed += 1
    },
    error: ignore,
  }
}

/** Takes samples at even distances until the time is over. */
async function watch(meter: ProcessMeter, durationS: number): Promise<void> {
  const startedMs = performance.now()
  for (let dueMs = SAMPLE_MS; dueMs <= durationS * 1_000; dueMs += SAMPLE_MS) {
    await sleep(Math.max(0, startedMs + dueMs - performance.now()))
    await meter.sample()
  }
}

/** Sockets take a moment to close. */
async function settledSample(meter: ProcessMeter): Promise<Sample> {
  const deadlineMs = performance.now() + 5_000
  for (;;) {
    const sample = await meter.sample()
    if ((sample.sockets === 0 && sample.timers === 0) || performance.now() > deadlineMs) return sample
    await sleep(50)
  }
}

function describe({ status }: RemoteNetwork, { tally }: Traffic, muxes: readonly Multiplexer[]): Progress {
  const stats = muxes.map((mux) => mux.getStats())
  return {
    tally: { ...tally },
    status,
    inFlight: sum(stats, ({ inFlight }) => inFlight),
    failovers: sum(stats, ({ failovers }) => failovers),
  }
}

function sum<T>(values: readonly T[], measure: (value: T) => number): number {
  return values.reduce((total, value) => total + measure(value), 0)
}
