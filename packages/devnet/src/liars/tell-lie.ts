import { utf8ToBytes } from '@noble/hashes/utils.js'
import { encodeActiveParticipants } from '../encode-active-participants.ts'
import type { Epoch } from '../epochs.ts'
import type { Network } from '../network.ts'
import { compareBytes } from '../state/compare-bytes.ts'
import { encodeAbsence, encodeMembership } from '../state/encode-proof.ts'
import type { ProofOp, ProvenValue } from '../state/multistore.ts'
import { INFERENCE_STORE, recordKey } from '../state/store-keys.ts'
import type { ChainView, StateQuery } from '../view.ts'
import { OPEN_STORE, toAttackedEpoch } from './attacker.ts'
import { forgeAbsence, forgeMembership } from './forge-proof.ts'
import { attackedState, type ForkRules, forkChain, inventValidators, voteByMinority } from './fork-chain.ts'
import type { LieKind } from './lie-kinds.ts'

/** Turns the chain as it is into the chain as a liar shows it. */
export type Distortion = (honest: ChainView) => ChainView

/** What a lie is told about: the epoch in force, at the time of the lie. */
interface LieSource {
  readonly network: Network
  readonly epoch: Epoch
}

const TELLERS: Readonly<Record<LieKind, (source: LieSource) => Distortion>> = {
  'wrong-epoch-key': showOtherEpochsRecord,
  'wrong-store': showOtherStore,
  'json-differs': (source) => (honest) => listAttacker(honest, source),
  'bytes-differ': showOtherBytes,
  'invented-validators': ({ network, epoch }) =>
    forkChain(network, epoch, { validators: inventValidators(network.seed) }),
  'below-two-thirds': forkWith({ votes: (validators) => voteByMinority(validators, 'absent') }),
  'nil-votes': forkWith({ votes: (validators) => voteByMinority(validators, 'nil') }),
  'other-chain-id': ({ network, epoch }) =>
    forkChain(network, epoch, { chainId: `other-${network.chainId.slice(0, 40)}` }),
  'forged-app-hash': forgeAppHash,
  'truncated-validators': () => (honest) => ({
    ...honest,
    validatorsAt: (height) => honest.validatorsAt(height).slice(0, -1),
  }),
  'stale-epoch':
    ({ network }) =>
    (honest) => ({
      ...honest,
      epochOf: (wanted) => (wanted === 'current' ? network.epochs.all[0] : honest.epochOf(wanted)),
    }),
  'dragonberry-membership': showSwallowedKey,
  'dragonberry-absence': denyRecord,
}

/** A node's lie. It is told about the epoch in force, and anew when that turns. */
export function createDistortion(kind: LieKind, network: Network): Distortion {
  let told: { readonly epochId: number; readonly distort: Distortion } | undefined
  return (honest) => {
    const epoch = network.epochs.current
    if (told?.epochId !== epoch.epochId) told = { epochId: epoch.epochId, distort: TELLERS[kind]({ network, epoch }) }
    return told.distort(honest)
  }
}

function forkWith(rules: ForkRules): (source: LieSource) => Distortion {
  return ({ network, epoch }) => forkChain(network, epoch, rules)
}

function showOtherEpochsRecord({ network, epoch }: LieSource): Distortion {
  const other = network.epochs.find(epoch.epochId - 1) ?? epoch
  return (honest) => {
    const record = (query: StateQuery): ProvenValue => {
      const { value, ops } = honest.prove({ ...query, key: recordKey(other.epochId) })
      return { value, ops: nameKeys(ops, [query.key]) }
    }
    const listed = (asked: Epoch) => (isSame(asked, epoch) ? { ...epoch, members: other.members } : asked)
    return { ...proveRecord(honest, epoch, record), listed }
  }
}

function showOtherStore(source: LieSource): Distortion {
  return (honest) => {
    const record = (query: StateQuery): ProvenValue => {
      const { value, ops } = honest.prove({ ...query, store: OPEN_STORE })
      return { value, ops: nameKeys(ops, [query.key, utf8ToBytes(INFERENCE_STORE)]) }
    }
    return listAttacker(proveRecord(honest, source.epoch, record), source)
  }
}

function showOtherBytes(source: LieSource): Distortion {
  const { network, epoch } = source
  const value = encodeActiveParticipants(toAttackedEpoch(epoch, network.seed))
  return (honest) => {
    const record = (query: StateQuery): ProvenValue => ({ ...honest.prove(query), value })
    return listAttacker(proveRecord(honest, epoch, record), source)
  }
}

/** The header of the block after the record gets the root of the attacker's tree; its id and its votes stay. */
function forgeAppHash(source: LieSource): Distortion {
  const { network, epoch } = source
  const state = attackedState(network, epoch)
  const from = epoch.createdAtBlockHeight
  return (honest) => ({
    ...listAttacker(honest, source),
    prove: (query) => (query.height < from ? honest.prove(query) : state.prove(query.store, query.key)),
    blockAt: (height) => {
      const { header, id } = honest.blockAt(height)
      return height > from ? { header: { ...header, appHash: state.appHash }, id } : { header, id }
    },
  })
}

function showSwallowedKey(source: LieSource): Distortion {
  const { network, epoch } = source
  return (honest) => {
    const record = ({ store, key, height }: StateQuery): ProvenValue => {
      const state = network.ledger.stateAfter(height)
      const forged = forgeMembership({ tree: state.tree(store), epoch, seed: network.seed })
      const op: ProofOp = { type: 'ics23:iavl', key, data: encodeMembership(forged) }
      return { value: forged.value, ops: [op, state.storeOp(store)] }
    }
    return listAttacker(proveRecord(honest, epoch, record), source)
  }
}

function denyRecord({ network, epoch }: LieSource): Distortion {
  return (honest) => {
    const record = ({ store, key, height }: StateQuery): ProvenValue => {
      const state = network.ledger.stateAfter(height)
      const forged = forgeAbsence({ tree: state.tree(store), epoch, seed: network.seed })
      const op: ProofOp = { type: 'ics23:iavl', key, data: encodeAbsence(forged) }
      return { value: undefined, ops: [op, state.storeOp(store)] }
    }
    const epochOf: ChainView['epochOf'] = (wanted) => {
      const found = honest.epochOf(wanted)
      return found && isSame(found, epoch) ? undefined : found
    }
    return { ...proveRecord(honest, epoch, record), epochOf }
  }
}

/** Answers otherwise for an epoch's record, from the height on at which it is there. */
function proveRecord(honest: ChainView, epoch: Epoch, record: ChainView['prove']): ChainView {
  const key = recordKey(epoch.epochId)
  return {
    ...honest,
    prove: (query) => {
      const isMeant = query.store === INFERENCE_STORE && compareBytes(query.key, key) === 0
      return isMeant && query.height >= epoch.createdAtBlockHeight ? record(query) : honest.prove(query)
    },
  }
}

function listAttacker(view: ChainView, { network, epoch }: LieSource): ChainView {
  return { ...view, listed: (listed) => (isSame(listed, epoch) ? toAttackedEpoch(listed, network.seed) : listed) }
}

function isSame(a: Epoch, b: Epoch): boolean {
  return a.epochId === b.epochId
}

/** Puts other names on steps than those they prove; verifiers that believe the names are fooled. */
function nameKeys(ops: readonly ProofOp[], keys: readonly Uint8Array[]): ProofOp[] {
  return ops.map((op, index) => ({ ...op, key: keys[index] ?? op.key }))
}
