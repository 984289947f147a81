import { checkHeaderShape } from './check-shape.ts'
import { encodeText } from './encode-protobuf.ts'
import { refusal } from './errors.ts'
import type { Header } from './types.ts'

/** Version of the block format that this package knows: CometBFT 0.34 to 0.38. */
const BLOCK_VERSION = 11n
const MAX_CHAIN_ID_BYTES = 50
const HASH_BYTES = 32
const ADDRESS_BYTES = 20
const HASH_FIELDS = [
  'lastCommitHash',
  'dataHash',
  'consensusHash',
  'lastResultsHash',
  'evidenceHash',
  'validatorsHash',
  'nextValidatorsHash',
] as const

/** Checks what every honest header fulfils, before anything is hashed.
 * @throws {GonkaProofVerificationError} `chain-id-mismatch`, `header-invalid`. */
export function checkHeader(header: Header, chainId: string): void {
  checkHeaderShape(header)
  if (header.chainId !== chainId) throw chainIdMismatch(header.chainId, chainId)
  const chainIdBytes = encodeText(chainId).length
  if (chainIdBytes < 1 || chainIdBytes > MAX_CHAIN_ID_BYTES) {
    throw invalid(`chainId must have 1 to ${MAX_CHAIN_ID_BYTES} bytes; got ${chainIdBytes}`)
  }
  if (header.version.block !== BLOCK_VERSION) {
    throw invalid(
      `version.block must be ${BLOCK_VERSION}; got ${header.version.block}. Newer chains need a newer client`,
    )
  }
  if (header.height < 1n) throw invalid(`height must be 1 or more; got ${header.height}`)
  checkSizes(header)
}

function checkSizes(header: Header): void {
  for (const field of HASH_FIELDS) checkHashSize(field, header[field])
  checkHashSize('lastBlockId.hash', header.lastBlockId.hash)
  checkHashSize('lastBlockId.partsHash', header.lastBlockId.partsHash)
  if (header.nextValidatorsHash.length === 0) throw invalid('nextValidatorsHash must not be empty')
  const { length } = header.proposerAddress
  if (length !== ADDRESS_BYTES) throw invalid(`proposerAddress must have ${ADDRESS_BYTES} bytes; got ${length}`)
}

function checkHashSize(field: string, { length }: Uint8Array): void {
  if (length !== 0 && length !== HASH_BYTES) throw invalid(`${field} must have 0 or ${HASH_BYTES} bytes; got ${length}`)
}

function invalid(problem: string): Error {
  return refusal('header-invalid', `header.${problem}.`)
}

function chainIdMismatch(found: string, expected: string): Error {
  const shown = JSON.stringify(found.slice(0, MAX_CHAIN_ID_BYTES))
  return refusal(
    'chain-id-mismatch',
    `header.chainId must be ${JSON.stringify(expected)}; got ${shown}. Ask a node of the right network.`,
  )
}
