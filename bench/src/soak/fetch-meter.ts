import { subscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'

interface Origin {
  /** HTTP requests that have not ended. */
  readonly requests: Set<unknown>
  /** The most there ever were at once. */
  peak: number
  /** Connections, idle ones included. */
  sockets: number
}

/** Counts connections and requests of the platform's `fetch`, through the channels that it tells them on. */
export class FetchMeter {
  readonly #origins = new Map<string, Origin>()

  /** Counts from now on. */
  constructor() {
    subscribe('undici:request:create', (message) => this.#open(message as Told))
    // A request may be told to have failed after it has ended.
    for (const end of ['trailers', 'error']) subscribe(`undici:request:${end}`, (message) => this.#end(message as Told))
    subscribe('undici:client:connected', (message) => this.#watch(message as Connected))
  }

  /** Requests that have not ended. */
  get requests(): number {
    return this.#sum(({ requests }) => requests.size)
  }

  /** Connections, idle ones included: they are kept as long as a node's `Keep-Alive` says. */
  get sockets(): number {
    return this.#sum(({ sockets }) => sockets)
  }

  /** Connections to an origin beyond the requests that it ever had at once: nothing accounts for them. */
  get surplus(): number {
    return this.#sum(({ sockets, peak }) => Math.max(0, sockets - peak))
  }

  #open({ request }: Told): void {
    const origin = this.#origin(String(request.origin))
    origin.requests.add(request)
    origin.peak = Math.max(origin.peak, origin.requests.size)
  }

  #end({ request }: Told): void {
    this.#origin(String(request.origin)).requests.delete(request)
  }

  #watch({ connectParams: { protocol, host }, socket }: Connected): void {
    const origin = this.#origin(`${protocol}//${host}`)
    origin.sockets += 1
    socket.once('close', () => {
      origin.sockets -= 1
    })
  }

  #origin(name: string): Origin {
    const origin = this.#origins.get(name) ?? { requests: new Set(), peak: 0, sockets: 0 }
    this.#origins.set(name, origin)
    return origin
  }

  #sum(measure: (origin: Origin) => number): number {
    return [...this.#origins.values()].reduce((total, origin) => total + measure(origin), 0)
  }
}

interface Told {
  readonly request: { readonly origin: unknown }
}

interface Connected {
  readonly connectParams: { readonly protocol: string; readonly host: string }
  readonly socket: Socket
}
