import type { NodeState } from './node-state.ts'
import { type ChainView, honestView } from './view.ts'

/** The chain as this node shows it now: as it is, unless the node lies. */
export function viewOf({ network, distort }: NodeState): ChainView {
  const honest = honestView(network)
  return distort ? distort(honest) : honest
}
