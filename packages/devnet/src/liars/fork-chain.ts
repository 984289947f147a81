import { BlockMaker } from '../consensus/block-maker.ts'
import type { Validator, VoteFlag } from '../consensus/types.ts'
import { createValidator, orderValidators } from '../consensus/validator-set.ts'
import { deriveValidatorKey } from '../derive.ts'
import { encodeActiveParticipants } from '../encode-active-participants.ts'
import type { Epoch } from '../epochs.ts'
import type { Network } from '../network.ts'
import type { Multistore } from '../state/multistore.ts'
import { INFERENCE_STORE, recordKey } from '../state/store-keys.ts'
import type { ChainView } from '../view.ts'
import { toAttackedEpoch } from './attacker.ts'

/** How an attacker's chain differs from the honest one, besides its record. */
export interface ForkRules {
  readonly chainId?: string
  /** Who signs. @default the real validators */
  readonly validators?: readonly Validator[]
  /** How they vote. @default all for the block */
  readonly votes?: (validators: readonly Validator[]) => readonly VoteFlag[]
}

/** The state with an attacker's record in place of an epoch's. */
export function attackedState({ ledger, seed }: Network, epoch: Epoch): Multistore {
  const height = epoch.createdAtBlockHeight
  const value = encodeActiveParticipants(toAttackedEpoch(epoch, seed))
  const write = { store: INFERENCE_STORE, key: recordKey(epoch.epochId), value }
  return ledger.stateAfter(height).write(height, [write])
}

/** A chain that is the honest one up to an epoch's record, and the attacker's from there on.
 * @returns What turns the honest view into the attacker's. */
export function forkChain(network: Network, epoch: Epoch, rules: ForkRules): (honest: ChainView) => ChainView {
  const { ledger, chain, seed } = network
  const { chainId = network.chainId, validators, votes } = rules
  const lastHonest = epoch.createdAtBlockHeight
  const state = attackedState(network, epoch)
  const validatorsAt = (height: number) =>
    validators && height > lastHonest ? validators : ledger.validatorsAt(height)
  const blocks = new BlockMaker({
    seed,
    chainId,
    firstHeight: lastHonest + 1,
    parent: ledger.blockAt(lastHonest),
    timeNsAt: (height) => chain.timeNsAt(height),
    validatorsAt,
    appHashAfter: () => state.appHash,
    votes,
  })
  return (honest) => ({
    ...honest,
    chainId,
    validatorsAt,
    blockAt: (height) => (height > lastHonest ? blocks : ledger).blockAt(height),
    commitAt: (height) => (height > lastHonest ? blocks : ledger).commitAt(height),
    prove: (query) => (query.height < lastHonest ? honest.prove(query) : state.prove(query.store, query.key)),
    listed: (listed) => (listed.epochId === epoch.epochId ? toAttackedEpoch(listed, seed) : listed),
  })
}

/** Three validators that nobody ever elected. */
export function inventValidators(seed: string): readonly Validator[] {
  return orderValidators(
    [50, 30, 20].map((power, index) => {
      const label = `attacker/validator/${index}`
      return createValidator(deriveValidatorKey(seed, label), power, label)
    }),
  )
}

/** The small ones vote for the block, as many as together have two thirds of the power at most; the others do not. */
export function voteByMinority(validators: readonly Validator[], others: 'absent' | 'nil'): readonly VoteFlag[] {
  const total = validators.reduce((sum, { power }) => sum + power, 0)
  let voted = 0
  const flags = [...validators].reverse().map(({ power }): VoteFlag => {
    if ((voted + power) * 3 > total * 2) return others
    voted += power
    return 'commit'
  })
  return flags.reverse()
}
