import type { Logger } from './types.ts'
import type { Verdict } from './verdict.ts'

/** The events of a router and what they carry. No event holds request content, headers or credentials. */
export interface RouterEvents {
  /** An attempt ended; for a stream, when the stream did. */
  attempt: {
    readonly member: string
    readonly verdict: Verdict
    readonly status?: number | undefined
    readonly ms: number
  }
  /** A call leaves a member that failed it. */
  failover: { readonly member: string; readonly verdict: Verdict }
  /** A member was taken out of selection until `untilMs` (on the router's clock). */
  cooldown: { readonly member: string; readonly verdict: Verdict; readonly untilMs: number }
  /** A member that was out answered its probe and is back. */
  recovered: { readonly member: string }
  /** A call ended. `outcome` is `ok`, or the code of the error the caller got, or `refused` for an upstream's own refusal. */
  completed: {
    readonly member?: string | undefined
    readonly attempts: number
    readonly ms: number
    readonly outcome: string
  }
}

/** Name of a router event. */
export type RouterEventName = keyof RouterEvents

/** Receives one event. What it throws is logged and goes no further. */
export type RouterEventListener<N extends RouterEventName> = (event: RouterEvents[N]) => void

/** Typed events whose listeners cannot break a call. */
export class EventHub {
  readonly #listeners = new Map<RouterEventName, Set<(event: never) => void>>()
  readonly #logger: Logger | undefined

  constructor(logger: Logger | undefined) {
    this.#logger = logger
  }

  on<N extends RouterEventName>(name: N, listener: RouterEventListener<N>): () => void {
    const listeners = this.#listeners.get(name) ?? new Set()
    this.#listeners.set(name, listeners)
    listeners.add(listener as (event: never) => void)
    return () => {
      listeners.delete(listener as (event: never) => void)
    }
  }

  emit<N extends RouterEventName>(name: N, event: RouterEvents[N]): void {
    this.#log(name, event)
    for (const listener of this.#listeners.get(name) ?? []) {
      try {
        listener(event as never)
      } catch (error) {
        this.#logger?.error(`a listener of "${name}" threw ${error instanceof Error ? error.name : typeof error}`)
      }
    }
  }

  #log(name: RouterEventName, event: object): void {
    if (!this.#logger) return
    if (name === 'failover' || name === 'cooldown') this.#logger.warn(name, event)
    else this.#logger.debug(name, event)
  }
}
