import { setMaxListeners } from 'node:events'
import type { Multiplexer } from '@multiplexer/core'
import { ask, type CallEnd, type Question } from './ask.ts'
import type { ExpectedAnswer } from './expected-answers.ts'

/** Who calls what. */
export interface TrafficOptions {
  /** Delivers streams as they come. */
  readonly live: Multiplexer
  /** Holds streams back until they are whole. */
  readonly whole: Multiplexer
  readonly expected: readonly ExpectedAnswer[]
  readonly inFlight: number
}

/** How the calls so far ended. */
export interface Tally {
  started: number
  answered: number
  /** The reader walked away. */
  left: number
  interrupted: number
  wrong: number
  lost: number
  /** The longest that a call took, in milliseconds. */
  longestMs: number
}

/** One way in which calls went wrong. */
export interface Complaint {
  readonly text: string
  /** When it was first seen, in seconds after the first call. */
  readonly firstAtS: number
  count: number
}

type Interruption = Extract<CallEnd, { kind: 'interrupted' }>

/** Callers that each make one call after the other. A caller whose stream was interrupted asks again. */
export class Traffic {
  readonly tally: Tally = { started: 0, answered: 0, left: 0, interrupted: 0, wrong: 0, lost: 0, longestMs: 0 }
  /** Streams that broke off under their readers. */
  readonly interruptions: Interruption[] = []
  readonly #complaints = new Map<string, Complaint>()
  readonly #startedMs = performance.now()
  readonly #options: TrafficOptions
  readonly #signal = new AbortController().signal
  readonly #callers: Promise<void>[]
  #isOver = false

  constructor(options: TrafficOptions) {
    this.#options = options
    // One listener per call in flight is right; Node takes more than ten for a leak.
    setMaxListeners(options.inFlight, this.#signal)
    this.#callers = Array.from({ length: options.inFlight }, (_, caller) => this.#keepCalling(caller))
  }

  /** What went wrong, each kind once. */
  get complaints(): readonly Complaint[] {
    return [...this.#complaints.values()]
  }

  /** One signal that calls share, as programs do that can be cancelled as a whole. */
  get signal(): AbortSignal {
    return this.#signal
  }

  /** Makes no new calls, and waits until the last one has ended. */
  async end(): Promise<void> {
    this.#isOver = true
    await Promise.all(this.#callers)
  }

  async #keepCalling(caller: number): Promise<void> {
    for (let call = 0; !this.#isOver; call++) {
      const question = this.#question(caller, call)
      let end: CallEnd
      do {
        end = await this.#call(question)
      } while (end.kind === 'interrupted')
    }
  }

  async #call(question: Question): Promise<CallEnd> {
    const startedMs = performance.now()
    this.tally.started += 1
    const end = await ask(question)
    this.tally[end.kind] += 1
    this.tally.longestMs = Math.max(this.tally.longestMs, performance.now() - startedMs)
    if (end.kind === 'interrupted') this.interruptions.push(end)
    if (end.kind === 'lost') await this.#mourn(end.reason)
    if (end.kind === 'wrong') this.#complain(`wrong: ${end.got}`)
    return end
  }

  /** A quarter of the callers each: by the SDK, without it, reading streams as they come, and wanting them whole. */
  #question(caller: number, call: number): Question {
    const { live, whole, expected } = this.#options
    const answer = expected[(7 * caller + call) % expected.length]
    if (!answer) throw new RangeError('There are no prompts.')
    const common = { expected: answer, signal: this.#signal }
    if (caller % 4 === 0) return { ...common, mux: live, mode: 'plain' }
    if (caller % 4 === 1) return { ...common, mux: live, mode: 'fetch' }
    if (caller % 4 === 3) return { ...common, mux: whole, mode: 'stream' }
    return { ...common, mux: live, mode: call % CALLS_PER_WALK_AWAY === 0 ? 'leave' : 'stream' }
  }

  /** Calls that fail at once must not keep the process from everything else. */
  async #mourn(reason: string): Promise<void> {
    this.#complain(`lost: ${reason}`)
    await new Promise((resolve) => setImmediate(resolve))
  }

  #complain(text: string): void {
    const kind = text.slice(0, MAX_COMPLAINT_LENGTH)
    const known = this.#complaints.get(kind)
    if (known) known.count += 1
    else if (this.#complaints.size < MAX_COMPLAINTS) {
      const firstAtS = Math.round((performance.now() - this.#startedMs) / 1_000)
      this.#complaints.set(kind, { text: kind, firstAtS, count: 1 })
    }
  }
}

const CALLS_PER_WALK_AWAY = 20
const MAX_COMPLAINTS = 20
const MAX_COMPLAINT_LENGTH = 400
