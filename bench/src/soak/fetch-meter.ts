import { subscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'

interface Origin {
  sockets: number
  /** The most there ever were at once. */
  peak: number
}

/** Counts connections and requests of the platform's `fetch`, through the channels that it tells them on. */
export class FetchMeter {
  readonly #requests = new Set<unknown>()
  readonly #origins = new Map<string, Origin>()

  /** Counts from now on. */
  constructor() {
    subscribe('undici:request:create', (message) => this.#requests.add(requestOf(message)))
    // A request may be told to have failed after it has ended.
    subscribe('undici:request:trailers', (message) => this.#requests.delete(requestOf(message)))
    subscribe('undici:request:error', (message) => this.#requests.delete(requestOf(message)))
    subscribe('undici:client:connected', (message) => this.#watch(message as Connected))
  }

  /** Requests that have not ended. */
  get requests(): number {
    return this.#requests.size
  }

  /** Connections, idle ones included: they are kept as long as a node's `Keep-Alive` says. */
  get sockets(): number {
    return this.#sum(({ sockets }) => sockets)
  }

  /** Places for connections, of which each origin has as many as it ever had connections at once. They are kept for good. */
  get places(): number {
    return this.#sum(({ peak }) => peak)
  }

  #watch({ connectParams: { host }, socket }: Connected): void {
    const origin = this.#origins.get(host) ?? { sockets: 0, peak: 0 }
    this.#origins.set(host, origin)
    origin.sockets += 1
    origin.peak = Math.max(origin.peak, origin.sockets)
    socket.once('close', () => {
      origin.sockets -= 1
    })
  }

  #sum(measure: (origin: Origin) => number): number {
    return [...this.#origins.values()].reduce((total, origin) => total + measure(origin), 0)
  }
}

interface Connected {
  readonly connectParams: { readonly host: string }
  readonly socket: Socket
}

function requestOf(message: unknown): unknown {
  return (message as { request: unknown }).request
}
