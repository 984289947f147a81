import { describeErrorCode, GonkaConfigError } from '@gonka/protocol'
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
  #writing: Promise<unknown> = Promise.resolve()

  constructor(store: TrustStore, chainId: string) {
    this.#store = store
    this.#chainId = chainId
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
    await this.#attempt('written', () => this.#store.save(after))
    return true
  }

  async #attempt<T>(what: string, run: () => Promise<T>): Promise<T> {
    try {
      return await run()
    } catch (cause) {
      if (cause instanceof GonkaConfigError) throw cause
      throw invalid(`could not be ${what}${describeErrorCode(cause)}`, cause)
    }
  }
}

function invalid(problem: string, cause?: unknown): GonkaConfigError {
  return new GonkaConfigError('trust-store-invalid', `trustStore ${problem}.`, { field: 'trustStore', cause })
}
