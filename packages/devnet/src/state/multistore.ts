import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { merklePath, merkleRoot } from '../merkle-tree.ts'
import { lengthPrefixed } from '../write-protobuf.ts'
import { type ExistenceProof, encodeAbsence, encodeMembership } from './encode-proof.ts'
import { hashNode, type IavlNode, putValue } from './iavl-tree.ts'
import { proveKey, proveNeighbours } from './prove-key.ts'

/** A proof as the node's API carries it. */
export interface ProofOp {
  readonly type: 'ics23:iavl' | 'ics23:simple'
  readonly key: Uint8Array
  /** ICS-23 `CommitmentProof`. */
  readonly data: Uint8Array
}

/** A value, or its absence, with the two steps that lead to the app hash. */
export interface ProvenValue {
  readonly value: Uint8Array | undefined
  readonly ops: readonly ProofOp[]
}

/** A value to write. */
export interface StoreWrite {
  readonly store: string
  readonly key: Uint8Array
  readonly value: Uint8Array
}

/** All stores of the chain at one height. */
export class Multistore {
  readonly #trees: ReadonlyMap<string, IavlNode>
  #appHash: Uint8Array | undefined

  constructor(trees: ReadonlyMap<string, IavlNode> = new Map()) {
    this.#trees = trees
  }

  /** The state after a block that writes; `version` is its height. */
  write(version: number, writes: readonly StoreWrite[]): Multistore {
    const trees = new Map(this.#trees)
    for (const { store, key, value } of writes) {
      trees.set(store, putValue(trees.get(store), { version, key, value }))
    }
    return new Multistore(trees)
  }

  /** Root over the stores' names and roots: what the header of the next block carries. */
  get appHash(): Uint8Array {
    this.#appHash ??= merkleRoot(this.#names.map((name) => encodeStore(name, hashNode(this.tree(name)))))
    return this.#appHash
  }

  has(store: string): boolean {
    return this.#trees.has(store)
  }

  /** @throws RangeError when there is no such store. */
  tree(store: string): IavlNode {
    const tree = this.#trees.get(store)
    if (!tree) throw new RangeError(`no such store: ${store}`)
    return tree
  }

  /** Reads a key and proves what was read, presence or absence. */
  prove(store: string, key: Uint8Array): ProvenValue {
    const found = proveKey(this.tree(store), key)
    const data = found ? encodeMembership(found) : encodeAbsence({ key, ...proveNeighbours(this.tree(store), key) })
    return { value: found?.value, ops: [{ type: 'ics23:iavl', key, data }, this.storeOp(store)] }
  }

  /** The second step: that a store with this root belongs to the app hash. */
  storeOp(store: string): ProofOp {
    return { type: 'ics23:simple', key: utf8ToBytes(store), data: encodeMembership(this.#proveStore(store)) }
  }

  #proveStore(store: string): ExistenceProof {
    const names = this.#names
    const items = names.map((name) => encodeStore(name, hashNode(this.tree(name))))
    return {
      key: utf8ToBytes(store),
      value: hashNode(this.tree(store)),
      leafPrefix: Uint8Array.of(0),
      path: merklePath(items, names.indexOf(store)),
    }
  }

  get #names(): string[] {
    return [...this.#trees.keys()].sort()
  }
}

/** A leaf of the tree over the stores: name and hash of the root. */
export function encodeStore(name: string, root: Uint8Array): Uint8Array {
  return concatBytes(lengthPrefixed(utf8ToBytes(name)), lengthPrefixed(sha256(root)))
}
