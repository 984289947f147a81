import { subscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'

/** Counts connections and requests of the platform's `fetch`, through the channels that it tells them on. */
export class FetchMeter {
  readonly #requests = new Set<unknown>()
  #sockets = 0

  /** Counts from now on. */
  constructor() {
    subscribe('undici:request:create', (message) => this.#requests.add(requestOf(message)))
    // A request may be told to have failed after it has ended.
    subscribe('undici:request:trailers', (message) => this.#requests.delete(requestOf(message)))
    subscribe('undici:request:error', (message) => this.#requests.delete(requestOf(message)))
    subscribe('undici:client:connected', (message) => this.#watch((message as { socket: Socket }).socket))
  }

  /** Requests that have not ended. */
  get requests(): number {
    return this.#requests.size
  }

  /** Connections, idle ones included: they are kept as long as a node's `Keep-Alive` says. */
  get sockets(): number {
    return this.#sockets
  }

  #watch(socket: Socket): void {
    this.#sockets += 1
    socket.once('close', () => {
      this.#sockets -= 1
    })
  }
}

function requestOf(message: unknown): unknown {
  return (message as { request: unknown }).request
}
