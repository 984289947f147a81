import { checkFault } from './check-fault.ts'

/** Which requests a fault hits: chat and text completions, everything, the epoch endpoints, or the chain's RPC, block time
 * included. */
export type FaultPath = 'chat' | 'all' | 'discovery' | 'rpc'

interface FaultScope {
  /** How many requests it hits. @default for ever */
  readonly times?: number | undefined
  /** @default 'chat' */
  readonly path?: FaultPath | undefined
}

/** One way for a node to misbehave. `delayMs` may stand beside another kind. */
export type FaultSpec = FaultScope &
  (
    | {
        /** Answers with this status, before any check. */
        readonly status: number
        /** Text as it is, or a value written as JSON. @default { error: 'injected fault' } */
        readonly body?: unknown
        readonly headers?: Readonly<Record<string, string>> | undefined
      }
    /** Answers as usual, this many milliseconds later. */
    | { readonly delayMs: number }
    /** Never answers. */
    | { readonly hang: true }
    /** Resets the connection. */
    | { readonly reset: true }
    /** Cuts the connection after this many events of a stream; of an answer that is none, after half. */
    | { readonly cutAfterEvents: number }
    | {
        /** Ends a stream cleanly after this many events, without the rest; of an answer that is none, after half. */
        readonly endAfterEvents: number
        /** Written before the end: a line of plain text, or events such as `data: {"error":…}`. @default '' */
        readonly text?: string | undefined
      }
    /** Answers 200 with bytes that are neither JSON nor events. */
    | { readonly garbage: true }
  )

/** The faults of one node, tried in the order they were set. */
export class Faults {
  #faults: { readonly spec: FaultSpec; left: number }[] = []

  add(spec: FaultSpec): void {
    checkFault(spec)
    this.#faults.push({ spec, left: spec.times ?? Number.POSITIVE_INFINITY })
  }

  clear(): void {
    this.#faults = []
  }

  /** Takes the fault that hits this request, if any. */
  take(path: string): FaultSpec | undefined {
    const fault = this.#faults.find(({ spec }) => hits(spec.path ?? 'chat', path))
    if (fault === undefined) return undefined
    fault.left -= 1
    if (fault.left <= 0) this.#faults = this.#faults.filter((other) => other !== fault)
    return fault.spec
  }
}

function hits(scope: FaultPath, path: string): boolean {
  if (scope === 'all') return true
  if (scope === 'rpc') return path.startsWith('/chain-rpc/')
  return scope === 'discovery' ? path.startsWith('/v1/epochs/') : path.endsWith('/completions')
}
