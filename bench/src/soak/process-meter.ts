import { monitorEventLoopDelay } from 'node:perf_hooks'
import { collectGarbage } from '../collect-garbage.ts'
import { FetchMeter } from './fetch-meter.ts'

/** What the process holds at one moment. */
export interface Sample {
  /** Since the meter was made, in seconds. */
  readonly atS: number
  /** In use after garbage collection, in bytes. */
  readonly heapBytes: number
  /** Connections of the platform's `fetch`, idle ones included. */
  readonly sockets: number
  /** Places for connections that the platform's `fetch` keeps; see `FetchMeter`. */
  readonly places: number
  /** HTTP requests of the platform's `fetch` that have not ended. */
  readonly requests: number
  readonly timers: number
  /** Listeners on `process`. */
  readonly listeners: number
}

/** Counts what a process holds, and what it should never see. */
export class ProcessMeter {
  readonly samples: Sample[] = []
  /** Unhandled rejections, and warnings such as of leaking listeners. */
  readonly alarms: string[] = []
  readonly #startedMs = performance.now()
  readonly #fetch = new FetchMeter()

  readonly #delays = monitorEventLoopDelay({ resolution: 20 })

  /** Counts from now on; there is to be one of it in a process. */
  constructor() {
    this.#delays.enable()
    process.on('unhandledRejection', (reason) => this.alarms.push(`unhandled rejection: ${String(reason)}`))
    process.on('warning', ({ name, message }) => this.alarms.push(`${name}: ${message}`))
  }

  /** The longest that the process was held up so far, by its own work or the machine's, in milliseconds. */
  get heldUpMs(): number {
    return this.#delays.max / 1e6
  }

  /** Collects garbage and notes what is left. */
  async sample(): Promise<Sample> {
    const heapBytes = await collectGarbage()
    const sample: Sample = {
      atS: (performance.now() - this.#startedMs) / 1_000,
      heapBytes,
      sockets: this.#fetch.sockets,
      places: this.#fetch.places,
      requests: this.#fetch.requests,
      timers: process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length,
      listeners: process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0),
    }
    this.samples.push(sample)
    return sample
  }
}
