/** The signatures that a node has seen, each remembered for a number of blocks.
 * @see Protocol reference, section 1.5 */
export class ReplayMemory {
  readonly #blocks: number
  readonly #heightByKey = new Map<string, number>()

  constructor(blocks: number) {
    this.#blocks = blocks
  }

  /** Remembers a signature.
   * @returns false when it was already known. */
  record(authKey: string, height: number): boolean {
    this.#forgetBefore(height - this.#blocks)
    if (this.#heightByKey.has(authKey)) return false
    this.#heightByKey.set(authKey, height)
    return true
  }

  /** Heights only grow, so the map's order is their order. */
  #forgetBefore(oldest: number): void {
    for (const [authKey, height] of this.#heightByKey) {
      if (height >= oldest) return
      this.#heightByKey.delete(authKey)
    }
  }
}
