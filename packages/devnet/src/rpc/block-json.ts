import { formatTime } from '../consensus/timestamp.ts'
import type { BlockId, Commit, CommitVote, Header } from '../consensus/types.ts'
import { toBase64 } from '../derive.ts'
import type { BlockDialect } from './block-dialects.ts'

const EMPTY = /* @__PURE__ */ new Uint8Array(0)
const NO_TIME = '0001-01-01T00:00:00Z'

/** A header as JSON. The app's version is left out, as it is 0. */
export function headerJson(header: Header, dialect: BlockDialect): object {
  const { integer, hash, proposer } = dialect
  return {
    version: { block: integer(header.version.block) },
    chain_id: header.chainId,
    height: integer(header.height),
    time: formatTime(header.timeNs),
    last_block_id: blockIdJson(header.lastBlockId, dialect),
    last_commit_hash: hash(header.lastCommitHash),
    data_hash: hash(header.dataHash),
    validators_hash: hash(header.validatorsHash),
    next_validators_hash: hash(header.nextValidatorsHash),
    consensus_hash: hash(header.consensusHash),
    app_hash: hash(header.appHash),
    last_results_hash: hash(header.lastResultsHash),
    evidence_hash: hash(header.evidenceHash),
    proposer_address: proposer(header.proposerAddress),
  }
}

/** A block id as JSON; without a block, with empty hashes. */
export function blockIdJson(id: BlockId | undefined, { hash, parts }: BlockDialect): object {
  const header = { total: id?.parts.total ?? 0, hash: hash(id?.parts.hash ?? EMPTY) }
  return { hash: hash(id?.hash ?? EMPTY), [parts]: header }
}

/** A commit as JSON; undefined is the commit before the first block. */
export function commitJson(commit: Commit | undefined, dialect: BlockDialect): object {
  return {
    height: dialect.integer(commit?.height ?? 0),
    round: commit?.round ?? 0,
    block_id: blockIdJson(commit?.blockId, dialect),
    signatures: (commit?.votes ?? []).map((vote) => voteJson(vote, dialect)),
  }
}

function voteJson(vote: CommitVote, { flag, hash }: BlockDialect): object {
  const block_id_flag = flag(vote.flag)
  if (vote.flag === 'absent') return { block_id_flag, validator_address: '', timestamp: NO_TIME, signature: null }
  const { address, timeNs, signature } = vote
  return {
    block_id_flag,
    validator_address: hash(address),
    timestamp: formatTime(timeNs),
    signature: toBase64(signature),
  }
}
