import type { Check, CheckPlace } from './check.ts'
import { PROGRAMS } from './programs.ts'

/** Something that does not work by design: it must fail, and for this reason. */
export interface Exception {
  /** Footnote in the table. */
  readonly note: string
  /** Where it holds. */
  readonly applies: (place: CheckPlace) => boolean
  /** Whether a check failed for this reason and no other. */
  readonly explains: (reason: Check['reason']) => boolean
}

const NODE_ONLY: ReadonlySet<string> = new Set(PROGRAMS.filter(({ nodeOnly }) => nodeOnly).map(({ entry }) => entry))
const BROWSER_LIKE: ReadonlySet<string> = new Set(['esbuild', 'vite', 'edge'])

/** In the order of their numbers. */
export const EXCEPTIONS: readonly Exception[] = [
  {
    note: 'Not from a CommonJS file under `module: node16`: that setting refuses every `require` of an ES module (TS1479). Use `nodenext`, or `await import()`.',
    applies: ({ consumer, mode }) => consumer.startsWith('typescript-') && mode === 'node16 cjs',
    explains: isOnly('TS1479'),
  },
  {
    note: 'Not from a CommonJS file under `nodenext` either: TypeScript learned in 5.8 that Node can `require` an ES module. Use `await import()`.',
    applies: ({ consumer, mode }) => consumer === 'typescript-5.4' && mode === 'nodenext cjs',
    explains: isOnly('TS1479'),
  },
  {
    note: 'Needs Node: it opens servers.',
    applies: ({ consumer, entry }) => BROWSER_LIKE.has(consumer) && NODE_ONLY.has(entry),
    explains: (reason) => /node:|Buffer is not defined/.test(reason),
  },
]

/** Whether every compiler error in a text has this code. */
function isOnly(code: string): (reason: string) => boolean {
  return (reason) => {
    const codes = [...reason.matchAll(/error (TS\d+)/g)].map((match) => match[1])
    return codes.length > 0 && codes.every((found) => found === code)
  }
}
