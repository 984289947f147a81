import { runWithTimeout } from '@gonka/protocol'
import { describeStoreFailure, StoreError } from './store-error.ts'
import { formatStoredSet, parseStoredSet } from './stored-set.ts'
import type { LoadedSet, ParticipantArchive, ParticipantArchiveOptions, ParticipantStore, SourcedSet } from './types.ts'

/** Makes the archive of one network's participants: a store, read with suspicion, and written without harm to anybody else.
 *
 * What is stored is bound to `network`; a set of another one is not used. It is not proven again, so whoever can write the
 * store chooses the participants: keep it where you keep keys.
 * @param store - Keeps the text: `createFileParticipantStore(path)`, or an object with `load()` and `save(text)`.
 * @example const archive = createParticipantArchive(createMemoryParticipantStore(), { network: 'gonka-mainnet' })
 * const { set, problem } = await archive.load() */
export function createParticipantArchive(
  store: ParticipantStore,
  options: ParticipantArchiveOptions,
): ParticipantArchive {
  return new StoreArchive(store, options)
}

class StoreArchive implements ParticipantArchive {
  readonly #store: ParticipantStore
  readonly #options: ParticipantArchiveOptions
  #isWriting = false

  constructor(store: ParticipantStore, options: ParticipantArchiveOptions) {
    this.#store = store
    this.#options = options
  }

  async load({ signal }: { signal?: AbortSignal | undefined } = {}): Promise<LoadedSet> {
    try {
      const text = await this.#limit(() => this.#store.load(), signal)
      return text === undefined ? { set: undefined, problem: undefined } : this.#judge(text)
    } catch (error) {
      signal?.throwIfAborted()
      return this.#unusable(`could not be read${describeStoreFailure(error)}`)
    }
  }

  async save(set: SourcedSet): Promise<void> {
    const { network, now = () => Date.now() } = this.#options
    try {
      const text = formatStoredSet(set, { network, storedAtMs: now() })
      await this.#limit(() => this.#write(text))
    } catch (error) {
      this.#warn(`the participants could not be stored${describeStoreFailure(error)}`, set)
    }
  }

  /** A store that hangs must not end up with an old set written over a new one. */
  async #write(text: string): Promise<void> {
    if (this.#isWriting) throw new StoreError('the store is still busy with the set before')
    this.#isWriting = true
    try {
      await this.#store.save(text)
    } finally {
      this.#isWriting = false
    }
  }

  /** What the store does synchronously, it does inside the promise too. */
  #limit<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const { timeoutMs = 10_000 } = this.#options
    const createTimeoutError = () => new StoreError(`the store did not answer within ${timeoutMs} ms`)
    return runWithTimeout(async () => work(), { timeoutMs, signal, createTimeoutError })
  }

  #judge(text: unknown): LoadedSet {
    const set = parseStoredSet(text)
    if (typeof set === 'string') return this.#unusable(set)
    if (set.network === this.#options.network) return { set, problem: undefined }
    return this.#unusable('is about another network, other sources or another trust; use one store for each network')
  }

  #unusable(what: string): LoadedSet {
    const { location } = this.#store
    const name = location === undefined ? 'participantStore' : `participantStore ${location}`
    return { set: undefined, problem: `${name} ${what}. The next list of a source replaces it.` }
  }

  #warn(message: string, { epochId }: SourcedSet): void {
    const write = async (): Promise<void> =>
      this.#options.logger?.warn(message, { epochId, location: this.#store.location })
    // A broken logger must not end a refresh, nor the process.
    write().catch(() => undefined)
  }
}
