import type { Program } from './programs.ts'
import type { Network } from './start-network.ts'

/** What one program came to in one consumer. */
export interface Check {
  readonly entry: string
  /** Id of the consumer: `node-22`. */
  readonly consumer: string
  /** Way of using it there: `esm`, `cjs`, `nodenext`, … */
  readonly mode: string
  /** `absent` when the consumer cannot be had here. */
  readonly outcome: 'pass' | 'fail' | 'absent'
  /** What went wrong; empty after a pass. */
  readonly reason: string
}

/** A program in the project that it runs in: a folder with the packed package and its peers installed by npm. */
export interface Project {
  readonly program: Program
  /** Absolute folder. Holds `<file>.mjs`, `.cjs`, `.mts`, `.cts`, `bundler/<file>.ts` and `main-<file>.mjs` and `.cjs`. */
  readonly dir: string
}

/** What a consumer works with. */
export interface Workshop {
  /** Folder above all projects. */
  readonly projectsDir: string
  readonly projects: readonly Project[]
  /** Folder with compilers, bundlers and runtimes in `node_modules`. */
  readonly toolsDir: string
  readonly network: Network
}

/** A column of the table. */
export interface Consumer {
  readonly id: string
  /** Heading of its column. */
  readonly label: string
  /** Uses every project. Rejects only when the workshop itself is broken. */
  readonly check: (workshop: Workshop) => Promise<readonly Check[]>
}

/** Which program ran where: all of a check but what it came to. */
export type CheckPlace = Pick<Check, 'consumer' | 'mode' | 'entry'>

/** How many programs run at once. */
export const PARALLEL = 2

/** A check that passes when there is nothing to say against it.
 * @param reason - What went wrong; empty when nothing did. */
export function createCheck(place: CheckPlace, reason: string): Check {
  return { ...place, outcome: reason === '' ? 'pass' : 'fail', reason }
}
