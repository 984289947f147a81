import { parseBlockTime } from '@gonka/protocol'
import { anyPropertyOf, isMissing, type Place, propertyOf, textOf, unexpected } from './json-place.ts'
import { parseAddressBytes, parseAppHash, parseHash } from './parse-bytes.ts'
import { INT64, parseInteger, UINT32, UINT64 } from './parse-integer.ts'
import { ZERO_TIME_NS } from './time.ts'
import type { BlockId, Header } from './types.ts'

/** Reads a block header in any of the three dialects: CometBFT RPC, Go's plain JSON, proto JSON of the SDK.
 * @param json - Parsed JSON of unknown shape, `{ version, chain_id, height, … }`.
 * @returns The header. Its fields have the right form; that is all that is known about them.
 * @throws {GonkaProofVerificationError} `header-invalid` naming the field and what was expected.
 * @example const header = parseHeader(answer.block.header) */
export function parseHeader(json: unknown): Header {
  const at: Place = { value: json, field: 'header', code: 'header-invalid' }
  const version = propertyOf(at, 'version')
  const hash = (name: string): Uint8Array => parseHash(propertyOf(at, name))
  return {
    version: {
      block: parseInteger(propertyOf(version, 'block'), UINT64),
      app: parseInteger(propertyOf(version, 'app'), UINT64),
    },
    chainId: textOf(propertyOf(at, 'chain_id'), 'a text'),
    height: parseInteger(propertyOf(at, 'height'), INT64),
    timeNs: parseTimestamp(propertyOf(at, 'time')),
    lastBlockId: parseBlockId(propertyOf(at, 'last_block_id')),
    lastCommitHash: hash('last_commit_hash'),
    dataHash: hash('data_hash'),
    validatorsHash: hash('validators_hash'),
    nextValidatorsHash: hash('next_validators_hash'),
    consensusHash: hash('consensus_hash'),
    appHash: parseAppHash(propertyOf(at, 'app_hash')),
    lastResultsHash: hash('last_results_hash'),
    evidenceHash: hash('evidence_hash'),
    proposerAddress: parseAddressBytes(propertyOf(at, 'proposer_address')),
  }
}

/** Reads a block id; missing means the empty one, of which the first block is the only honest bearer. */
export function parseBlockId(place: Place): BlockId {
  if (isMissing(place)) return { hash: new Uint8Array(0), partsTotal: 0, partsHash: new Uint8Array(0) }
  const parts = anyPropertyOf(place, ['parts', 'part_set_header'])
  return {
    hash: parseHash(propertyOf(place, 'hash')),
    partsTotal: isMissing(parts) ? 0 : Number(parseInteger(propertyOf(parts, 'total'), UINT32)),
    partsHash: isMissing(parts) ? new Uint8Array(0) : parseHash(propertyOf(parts, 'hash')),
  }
}

/** Reads a time to the nanosecond; missing means Go's zero time. */
export function parseTimestamp(place: Place): bigint {
  if (isMissing(place)) return ZERO_TIME_NS
  const expected = 'a UTC time such as 2026-01-31T23:59:59.123456789Z'
  const timeNs = parseBlockTime(textOf(place, expected))
  if (timeNs === undefined) throw unexpected(place, expected)
  return timeNs
}
