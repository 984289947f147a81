import type { NodeState } from './node-state.ts'
import { type ChainView, honestView } from './view.ts'

/** The chain as this node shows it now. */
export function viewOf({ network }: NodeState): ChainView {
  return honestView(network)
}
