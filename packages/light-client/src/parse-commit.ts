import { entriesOf, type Place, propertyOf, unexpected } from './json-place.ts'
import { MAX_VALIDATORS } from './limits.ts'
import { parseAddressBytes, parseSignature } from './parse-bytes.ts'
import { parseBlockId, parseTimestamp } from './parse-header.ts'
import { INT32, INT64, parseInteger } from './parse-integer.ts'
import type { Commit, CommitSignature } from './types.ts'

const VOTES: ReadonlyMap<unknown, CommitSignature['vote']> = /* @__PURE__ */ new Map<unknown, CommitSignature['vote']>([
  [1, 'absent'],
  [2, 'commit'],
  [3, 'nil'],
  ['BLOCK_ID_FLAG_ABSENT', 'absent'],
  ['BLOCK_ID_FLAG_COMMIT', 'commit'],
  ['BLOCK_ID_FLAG_NIL', 'nil'],
])

/** Reads a commit in any of the three dialects.
 * @param json - Parsed JSON of unknown shape, `{ height, round, block_id, signatures }`; at most 10,000 signatures.
 * @returns The commit. Its fields have the right form; no signature is checked.
 * @throws {GonkaProofVerificationError} `commit-invalid` naming the field and what was expected.
 * @example const commit = parseCommit(answer.block.last_commit) */
export function parseCommit(json: unknown): Commit {
  const at: Place = { value: json, field: 'commit', code: 'commit-invalid' }
  return {
    height: parseInteger(propertyOf(at, 'height'), INT64),
    round: Number(parseInteger(propertyOf(at, 'round'), INT32)),
    blockId: parseBlockId(propertyOf(at, 'block_id')),
    signatures: entriesOf(propertyOf(at, 'signatures'), MAX_VALIDATORS).map(parseCommitSignature),
  }
}

function parseCommitSignature(at: Place): CommitSignature {
  const flag = propertyOf(at, 'block_id_flag')
  const vote = VOTES.get(flag.value)
  if (!vote) throw unexpected(flag, '1 (absent), 2 (commit) or 3 (nil), or their names')
  return {
    vote,
    validatorAddress: parseAddressBytes(propertyOf(at, 'validator_address')),
    timeNs: parseTimestamp(propertyOf(at, 'timestamp')),
    signature: parseSignature(propertyOf(at, 'signature')),
  }
}
