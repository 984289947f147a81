import type { ManagedNode } from './devnet-node.ts'
import { checkWeight, type ParsedSpec, parseParticipants } from './parse-options.ts'
import type { EpochChange, Listing } from './types.ts'

/** A checked change of epoch. */
export interface EpochPlan {
  /** Nodes that exist and will be in the set. */
  readonly stay: readonly ManagedNode[]
  /** Nodes to start. */
  readonly join: readonly ParsedSpec[]
  /** New weights by node index. */
  readonly weights: ReadonlyMap<number, number>
  /** Entries beside those of nodes. */
  readonly list: readonly Listing[]
}

/** Checks a change before anything of it is done. */
export function planEpoch(
  change: EpochChange,
  { nodes, models }: { nodes: readonly ManagedNode[]; models: readonly string[] },
): EpochPlan {
  const { join = 0, leave = [], rejoin = [], reweight = {}, list = [] } = change
  for (const index of leave) if (!nodes[index]?.inEpoch) throw misfit('leave', 'in the current epoch', index)
  for (const index of rejoin) if (nodes[index]?.inEpoch !== false) throw misfit('rejoin', 'outside the epoch', index)
  const stay = nodes.filter(({ inEpoch, index }) => rejoin.includes(index) || (inEpoch && !leave.includes(index)))
  const weights = new Map(Object.entries(reweight).map(([index, weight]) => [Number(index), weight]))
  for (const [index, weight] of weights) {
    if (!stay.some((node) => node.index === index)) throw misfit('reweight', 'that stays in the epoch', index)
    checkWeight(weight)
  }
  for (const { index, weight } of list) {
    if (nodes[index] === undefined) throw misfit('list', 'of the devnet', index)
    if (weight !== undefined) checkWeight(weight)
  }
  return { stay, join: parseParticipants(join, models), weights, list }
}

function misfit(option: string, where: string, index: number): RangeError {
  return new RangeError(`${option} must name a node ${where}; got index ${index}.`)
}
