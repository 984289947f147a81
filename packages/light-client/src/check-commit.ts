import { equalBytes } from './bytes.ts'
import { checkCommitShape } from './check-shape.ts'
import { refusal } from './errors.ts'
import { hashHeader } from './hash-header.ts'
import { ZERO_TIME_NS } from './time.ts'
import type { Commit, CommitSignature, Header, SignedHeader } from './types.ts'

const SIGNATURE_BYTES = 64
const HASH_BYTES = 32
/** What absent votes carry for a time: Go's zero time, or protobuf's. Neither is hashed or signed. */
const NO_TIMES_NS: readonly bigint[] = [ZERO_TIME_NS, 0n]
const MAX_ROUND = 2 ** 31 - 1

/** Checks the form of a commit, and that it is about this header.
 * @returns The header's hash.
 * @throws {GonkaProofVerificationError} `commit-invalid`, `header-hash-mismatch`. */
export function checkCommit({ header, commit }: SignedHeader): Uint8Array {
  checkCommitShape(commit)
  checkForm(commit, header)
  commit.signatures.forEach(checkEntry)
  const hash = hashHeader(header)
  if (!equalBytes(hash, commit.blockId.hash)) {
    throw refusal('header-hash-mismatch', `The commit at height ${commit.height} is about another header.`, {
      expectedHash: commit.blockId.hash,
      computedHash: hash,
    })
  }
  return hash
}

function checkForm({ height, round, blockId }: Commit, header: Header): void {
  if (height !== header.height) throw invalid(`height must be the header's, ${header.height}; got ${height}`)
  if (!Number.isInteger(round) || round < 0 || round > MAX_ROUND)
    throw invalid(`round must be an integer from 0 to ${MAX_ROUND}; got ${round}`)
  const { hash, partsTotal, partsHash } = blockId
  if (hash.length !== HASH_BYTES || partsHash.length !== HASH_BYTES) {
    throw invalid(`blockId must have two hashes of ${HASH_BYTES} bytes; got ${hash.length} and ${partsHash.length}`)
  }
  if (partsTotal === 0) throw invalid('blockId must have parts; got none')
}

function checkEntry({ vote, validatorAddress, timeNs, signature }: CommitSignature, index: number): void {
  const { length } = signature
  if (vote === 'absent') {
    if (validatorAddress.length === 0 && length === 0 && NO_TIMES_NS.includes(timeNs)) return
    throw invalid(`signatures[${index}] is absent and must have neither address, time nor signature`)
  }
  if (vote !== 'commit' && vote !== 'nil') throw invalid(`signatures[${index}].vote must be commit, nil or absent`)
  if (length !== SIGNATURE_BYTES) {
    throw invalid(`signatures[${index}].signature must have ${SIGNATURE_BYTES} bytes; got ${length}`)
  }
}

function invalid(problem: string): Error {
  return refusal('commit-invalid', `commit.${problem}.`)
}
