import { describeErrorCode, GonkaConfigError, runWithTimeout } from '@gonka/protocol'
import { formatTrustRecord, parseTrustRecord, type TrustRecord } from './trust-record.ts'
import type { TrustStore } from './types.ts'

/** A record, and the text that it was read from. */
export interface LedgerEntry extends TrustRecord {
  /** undefined when the store was empty. */
  readonly text: string | undefined
}

/** What a store holds about one chain, read with suspicion and written one at a time. */
export class TrustLedger {
  readonly #store: TrustStore
  readonly #chainId: string
  readonly #timeoutMs: number
  #writing: Promise<unknown> = Promise.resolve()
  #isSaving = false

  /** @param settings.timeoutMs - Limit of one reading or writing, in milliseconds. */
  constructor(store: TrustStore, { chainId, timeoutMs }: { readonly chainId: string; readonly timeoutMs: number }) {
    this.#store = store
    this.#chainId = chainId
    this.#timeoutMs = timeoutMs
  }

  /** Reads the record; an empty store holds the record of a chain of which nothing is known.
   * @throws {GonkaConfigError} `trust-store-invalid` when the store fails, or holds anything but a record of this chain.
   * It is never taken for empty: that would forget whom to trust. */
  async read(): Promise<LedgerEntry> {
    const text = await this.#attempt('read', () => this.#store.load())
    if (text === undefined) return { text, chainId: this.#chainId, epochId: 0 }
    const record = typeof text === 'string' ? parseTrustRecord(text) : undefined
    if (!record) {
      const size = typeof text === 'string' ? `${text.length} characters` : `a value of type ${typeof text}`
      throw invalid(
        `holds ${size} that are no trust record; it was cut off or edited. Restore it, or remove it to trust anew`,
      )
    }
    if (record.chainId === this.#chainId) return { ...record, text }
    const [found, wanted] = [record.chainId, this.#chainId].map((id) => JSON.stringify(id))
    throw invalid(`is about the chain ${found}, chainId is ${wanted}. Use one store for each chain`)
  }

  /** Writes the record that followed from `before`.
   * @returns Whether it holds now. false: somebody wrote in between, and the conclusion must be drawn again. */
  replace(before: LedgerEntry, after: TrustRecord): Promise<boolean> {
    const written = this.#writing.then(() => this.#replace(before, formatTrustRecord(after)))
    this.#writing = written.catch(() => undefined)
    return written
  }

  async #replace(before: LedgerEntry, after: string): Promise<boolean> {
    const current = await this.#attempt('read', () => this.#store.load())
    if (current === after) return true
    if (current !== before.text) return false
    await this.#attempt('written', () => this.#save(after))
    return true
  }

  /** A store that hangs must not end up with an old record written over a new one. */
  async #save(text: string): Promise<void> {
    if (this.#isSaving) throw invalid('could not be written: it is still busy with the record before')
    this.#isSaving = true
    try {
      await this.#store.save(text)
    } finally {
      this.#isSaving = false
    }
  }

  async #attempt<T>(what: string, run: () => Promise<T>): Promise<T> {
    const timeoutMs = this.#timeoutMs
    const createTimeoutError = (): Error => invalid(`could not be ${what}: it did not answer within ${timeoutMs} ms`)
    try {
      return await runWithTimeout(async () => run(), { timeoutMs, createTimeoutError })
    } catch (cause) {
      if (cause instanceof GonkaConfigError) throw cause
      throw invalid(`could not be ${what}${describeErrorCode(cause)}`, cause)
    }
  }
}

function invalid(problem: string, cause?: unknown): GonkaConfigError {
  return new GonkaConfigError('trust-store-invalid', `trustStore ${problem}.`, { field: 'trustStore', cause })
}
