/** How a node may lie about the chain. */
export type LieKind =
  | 'wrong-epoch-key'
  | 'wrong-store'
  | 'json-differs'
  | 'bytes-differ'
  | 'invented-validators'
  | 'below-two-thirds'
  | 'nil-votes'
  | 'other-chain-id'
  | 'forged-app-hash'
  | 'truncated-validators'
  | 'stale-epoch'
  | 'dragonberry-membership'
  | 'dragonberry-absence'

/** One way of lying. */
export interface Lie {
  /** What `DevnetNode.lie` takes. */
  readonly kind: LieKind
  /** What the node shows, in one line. */
  readonly shows: string
}

/** Every lie that a node of the devnet can tell, for tests that must refuse them all.
 * @example for (const { kind } of LIES) console.log(kind)
 * @see Proof reference, sections 1.4 and 6.5 */
export const LIES: readonly Lie[] = [
  {
    kind: 'wrong-epoch-key',
    shows: 'the record of the epoch before, proven under its own key, as the record asked for',
  },
  { kind: 'wrong-store', shows: "an attacker's record, proven in a store where anybody may write" },
  { kind: 'json-differs', shows: 'honest bytes with an honest proof, beside a JSON list that names an attacker' },
  { kind: 'bytes-differ', shows: "an attacker's record beside the proof of the honest one" },
  { kind: 'invented-validators', shows: 'tree, header and commit that fit each other, by validators that never were' },
  {
    kind: 'below-two-thirds',
    shows: 'tree and header of an attacker, signed by real validators with 2/3 of the power at most',
  },
  { kind: 'nil-votes', shows: 'the same, with nil votes of all the others' },
  {
    kind: 'other-chain-id',
    shows: 'tree and header of an attacker, signed by all real validators for a chain of another id',
  },
  { kind: 'forged-app-hash', shows: "an attacker's tree, its root in the header, and the commit of the honest header" },
  { kind: 'truncated-validators', shows: 'a validator set without its last validator' },
  { kind: 'stale-epoch', shows: 'the oldest epoch there is, perfectly proven, as the current one' },
  {
    kind: 'dragonberry-membership',
    shows:
      "an attacker's record that the tree does not hold: the tail of a longer key, its head swallowed into the leaf's prefix",
  },
  {
    kind: 'dragonberry-absence',
    shows: 'the absence of a record that the tree holds: a neighbour is re-read as a later key; discovery answers 404',
  },
]
