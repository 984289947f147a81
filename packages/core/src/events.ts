import { containRejection } from './contain-rejection.ts'
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

/** Receives one event. What it throws, or its promise rejects with, is logged and goes no further. */
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
    // A copy: a listener that adds listeners must not lengthen the round it is in.
    for (const listener of [...(this.#listeners.get(name) ?? [])]) {
      try {
        const returned: unknown = listener(event as never)
        if (returned instanceof Promise) returned.catch((error) => this.#logThrown(name, error))
      } catch (error) {
        this.#logThrown(name, error)
      }
    }
  }

  #logThrown(name: RouterEventName, error: unknown): void {
    const thrown = error instanceof Error ? error.name : typeof error
    this.#tell('error', `a listener of "${name}" threw ${thrown}`)
  }

  #log(name: RouterEventName, event: object): void {
    this.#tell(name === 'failover' || name === 'cooldown' ? 'warn' : 'debug', name, event)
  }

  #tell(level: keyof Logger, ...line: [message: string, details?: object]): void {
    try {
      containRejection(this.#logger?.[level](...line))
    } catch {
      // A logger that fails must not fail the call, and there is nowhere left to say so.
    }
  }
}
