import { setTimeout as sleep } from 'node:timers/promises'
import { Multiplexer } from '@multiplexer/core'
import {
  type GonkaParticipant,
  type RefreshManager,
  type RefreshResult,
  type RegisterGonkaModelsOptions,
  registerGonkaModels,
} from '@multiplexer/gonka'

/** What is watched, and who is told. */
export interface WatchOptions {
  /** Ends the registration, or the watch: then calls in flight are waited for. */
  readonly signal: AbortSignal
  /** Model id. @default 'auto', any that the network serves */
  readonly model?: string | undefined
  /** Pause between two calls of one caller, in milliseconds. @default 1_000 */
  readonly pauseMs?: number | undefined
  /** Told of each new epoch. @default nobody */
  readonly onEpoch?: ((change: EpochChange) => void) | undefined
}

/** A new epoch, by the addresses of its participants. */
export interface EpochChange {
  readonly oldEpoch: number | undefined
  readonly newEpoch: number
  readonly joined: readonly string[]
  readonly left: readonly string[]
  readonly stayed: readonly string[]
}

/** What the example saw. */
export interface Report {
  readonly firstEpoch: number
  readonly changes: readonly EpochChange[]
  readonly calls: number
  /** Calls that nobody answered. */
  readonly lost: number
  /** What was said about them, each once. */
  readonly errors: readonly string[]
  /** The refresh at the end; undefined when it took too long. */
  readonly lastRefresh: RefreshResult | undefined
}

const CALLERS = 4
const LAST_REFRESH_MS = 5_000

/** Calls a Gonka network until it is told to stop, and tells who joins, leaves and stays at each new epoch.
 * @param settings - `{ sourceUrl, privateKey, refreshIntervalMs }`; what is left out comes from the `GONKA_*` variables. */
export async function watchEpochs(settings: RegisterGonkaModelsOptions, options: WatchOptions): Promise<Report> {
  const { signal, onEpoch } = options
  await using mux = new Multiplexer()
  const { epochId, participants, refreshManager } = await registerGonkaModels(mux, { ...settings, signal })
  if (!refreshManager) throw new TypeError('Epochs can be followed only where there is a source to ask for them.')
  const changes: EpochChange[] = []
  let current = participants
  refreshManager.onEpochChange = (oldEpoch, newEpoch, next) => {
    const change = { oldEpoch, newEpoch, ...compare(current, next) }
    current = next
    changes.push(change)
    onEpoch?.(change)
  }
  const { calls, errors } = await callUntilStopped(mux, options)
  const lastRefresh = await refreshOnce(refreshManager)
  await refreshManager.stop()
  return { firstEpoch: epochId, changes, calls, lost: errors.length, errors: [...new Set(errors)], lastRefresh }
}

type Comparison = Pick<EpochChange, 'joined' | 'left' | 'stayed'>

function compare(before: readonly GonkaParticipant[], after: readonly GonkaParticipant[]): Comparison {
  const had = before.map(({ address }) => address)
  const has = after.map(({ address }) => address)
  return {
    joined: has.filter((address) => !had.includes(address)),
    left: had.filter((address) => !has.includes(address)),
    stayed: has.filter((address) => had.includes(address)),
  }
}

/** The signal ends the pauses and not the calls: an answer that is on its way is paid for. */
async function callUntilStopped(
  mux: Multiplexer,
  { signal, model = 'auto', pauseMs = 1_000 }: WatchOptions,
): Promise<{ calls: number; errors: readonly string[] }> {
  let calls = 0
  const errors: string[] = []
  const callAndPause = async (): Promise<void> => {
    while (!signal.aborted) {
      const content = `Question ${calls++}`
      const call = mux.chat.completions.create({ model, messages: [{ role: 'user', content }] })
      await call.catch((error: Error) => errors.push(error.message))
      await sleep(pauseMs, undefined, { signal }).catch(() => {})
    }
  }
  await Promise.all(Array.from({ length: CALLERS }, callAndPause))
  return { calls, errors }
}

/** A failed refresh is a result, not an exception; only the wait for it can end early. */
function refreshOnce(refreshManager: RefreshManager): Promise<RefreshResult | undefined> {
  return refreshManager.refreshNow({ signal: AbortSignal.timeout(LAST_REFRESH_MS) }).catch(() => undefined)
}
