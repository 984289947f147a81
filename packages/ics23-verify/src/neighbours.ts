import { equalBytes } from './bytes.ts'
import type { InnerOp } from './proof.ts'
import type { Side } from './spec.ts'

/** The way from a leaf to the root: the nodes, and on which side of each the way comes in. */
export interface Way {
  readonly path: readonly InnerOp[]
  readonly sides: readonly Side[]
}

/** Tells whether no leaf lies between two leaves of one tree.
 * Seen from the root, their ways are the same, then part to the left and to the right, and then cling to each other.
 * Ways that never part belong to no two leaves. */
export function areAdjacent(left: Way, right: Way): boolean {
  let l = left.path.length - 1
  let r = right.path.length - 1
  while (isSameNode(left.path[l], right.path[r])) {
    l--
    r--
  }
  return (
    left.sides[l] === 'left' &&
    right.sides[r] === 'right' &&
    isRightmost(left.sides.slice(0, l)) &&
    isLeftmost(right.sides.slice(0, r))
  )
}

/** Tells whether no leaf lies further to the left. */
export function isLeftmost(sides: readonly Side[]): boolean {
  return sides.every((side) => side === 'left')
}

/** Tells whether no leaf lies further to the right. */
export function isRightmost(sides: readonly Side[]): boolean {
  return sides.every((side) => side === 'right')
}

function isSameNode(a: InnerOp | undefined, b: InnerOp | undefined): boolean {
  if (a === undefined || b === undefined) return false
  return equalBytes(a.prefix, b.prefix) && equalBytes(a.suffix, b.suffix)
}
