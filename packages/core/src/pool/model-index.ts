import type { ModelRequest } from './match-model.ts'
import type { Tier } from './tier.ts'

/** Remembers which members serve what, so that a call need not look at all of them. Forgets everything when one changes. */
export class ModelIndex {
  readonly #tiers = new Map<string, readonly Tier[]>()

  /** The tiers for a request, built by `build` the first time. */
  tiersFor({ path, model }: ModelRequest, build: () => readonly Tier[]): readonly Tier[] {
    const key = model === undefined ? path : `${path}\n${model}`
    const known = this.#tiers.get(key)
    if (known) return known
    const tiers = build()
    // Callers choose the model names: a flood of different ones must not grow without end.
    if (this.#tiers.size >= MAX_ENTRIES) this.#tiers.clear()
    this.#tiers.set(key, tiers)
    return tiers
  }

  clear(): void {
    this.#tiers.clear()
  }
}

const MAX_ENTRIES = 1_000
