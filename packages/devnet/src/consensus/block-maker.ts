import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'
import { deriveBytes } from '../derive.ts'
import { hashHeader } from './hash-header.ts'
import { Ed25519Signer } from './sign-ed25519.ts'
import type { Block, BlockId, Commit, CommitVote, Header, Validator, VoteFlag } from './types.ts'
import { hashValidators } from './validator-set.ts'
import { voteSignBytes } from './vote-sign-bytes.ts'

/** What blocks are made from. */
export interface BlockRules {
  readonly seed: string
  readonly chainId: string
  readonly firstHeight: number
  /** The block before the first one; undefined when the chain begins there. */
  readonly parent: Block | undefined
  readonly timeNsAt: (height: number) => bigint
  readonly validatorsAt: (height: number) => readonly Validator[]
  /** Root of the state after the block at this height. */
  readonly appHashAfter: (height: number) => Uint8Array
  /** How each validator votes. @default all for the block */
  readonly votes?: ((validators: readonly Validator[]) => readonly VoteFlag[]) | undefined
}

const EMPTY_HASH = /* @__PURE__ */ sha256(new Uint8Array(0))
const BLOCK_PROTOCOL = 11
const CONSENSUS_HASH = /* @__PURE__ */ sha256(utf8ToBytes('gonka-devnet consensus parameters'))
const KEPT_COMMITS = 200

/** Makes blocks when somebody asks. Each header names the one before, so all up to the wanted one are made, which is
 * cheap; signatures are not, and are made for the blocks alone whose commit is asked for. */
export class BlockMaker {
  readonly #rules: BlockRules
  readonly #blocks: Block[] = []
  readonly #commits = new Map<number, Commit>()
  readonly #signers = new Map<string, Ed25519Signer>()

  constructor(rules: BlockRules) {
    this.#rules = rules
  }

  /** @param height - From `firstHeight` on; the caller knows which blocks are due. */
  blockAt(height: number): Block {
    const { firstHeight } = this.#rules
    while (this.#blocks.length <= height - firstHeight) {
      const header = this.#nextHeader(firstHeight + this.#blocks.length)
      const hash = hashHeader(header)
      this.#blocks.push({ header, id: { hash, parts: { total: 1, hash: standIn('parts', hash) } } })
    }
    const block = this.#blocks[height - firstHeight]
    if (!block) throw new RangeError(`no block at height ${height}`)
    return block
  }

  /** The votes for the block at a height. */
  commitAt(height: number): Commit {
    const known = this.#commits.get(height)
    if (known) return known
    const commit = this.#sign(this.blockAt(height))
    if (this.#commits.size >= KEPT_COMMITS) this.#commits.clear()
    this.#commits.set(height, commit)
    return commit
  }

  #nextHeader(height: number): Header {
    const { chainId, timeNsAt, validatorsAt, appHashAfter, parent } = this.#rules
    const before = this.#blocks.at(-1) ?? parent
    const due = timeNsAt(height)
    const earliest = before ? before.header.timeNs + 1n : due
    const validators = validatorsAt(height)
    return {
      version: { block: BLOCK_PROTOCOL, app: 0 },
      chainId,
      height,
      timeNs: due > earliest ? due : earliest,
      lastBlockId: before?.id,
      // Votes are made on demand, after this header: it cannot hash them.
      lastCommitHash: before ? standIn('commit', before.id.hash) : EMPTY_HASH,
      dataHash: EMPTY_HASH,
      validatorsHash: hashValidators(validators),
      nextValidatorsHash: hashValidators(validatorsAt(height + 1)),
      consensusHash: CONSENSUS_HASH,
      appHash: appHashAfter(height - 1),
      lastResultsHash: EMPTY_HASH,
      evidenceHash: EMPTY_HASH,
      proposerAddress: validators[height % validators.length]?.address ?? new Uint8Array(20),
    }
  }

  #sign({ header, id }: Block): Commit {
    const validators = this.#rules.validatorsAt(header.height)
    const flags = this.#rules.votes?.(validators)
    const votes = validators.map((validator, index) =>
      this.#vote(validator, { header, id, flag: flags?.[index] ?? 'commit', index }),
    )
    return { height: header.height, round: 0, blockId: id, votes }
  }

  #vote(
    { keyLabel, address }: Validator,
    { header, id, flag, index }: { header: Header; id: BlockId; flag: VoteFlag; index: number },
  ): CommitVote {
    if (flag === 'absent') return { flag }
    const { chainId, height } = header
    const timeNs = header.timeNs + BigInt(index + 1)
    const message = voteSignBytes({ chainId, height, round: 0, blockId: flag === 'nil' ? undefined : id, timeNs })
    return { flag, address, timeNs, signature: this.#signer(keyLabel).sign(message) }
  }

  #signer(keyLabel: string): Ed25519Signer {
    const known = this.#signers.get(keyLabel)
    if (known) return known
    const signer = new Ed25519Signer(deriveBytes(this.#rules.seed, keyLabel))
    this.#signers.set(keyLabel, signer)
    return signer
  }
}

/** A hash of something the devnet has none of. */
function standIn(label: string, hash: Uint8Array): Uint8Array {
  return sha256(concatBytes(utf8ToBytes(`gonka-devnet ${label} `), hash))
}
