import { concatBytes } from './bytes.ts'
import { checkHeaderShape } from './check-shape.ts'
import { encodeBlockId } from './encode-block-id.ts'
import { bytesField, encodeText, encodeTimestamp, intField } from './encode-protobuf.ts'
import { refusal } from './errors.ts'
import { merkleRoot } from './merkle-root.ts'
import type { Header } from './types.ts'

/** Computes the hash of a header: the Merkle root over its 14 fields, as CometBFT 0.34 to 0.38 does.
 * @param header - Need not be honest; only values that no header can hold are refused, since they would be hashed like others.
 * @returns 32 bytes.
 * @throws {GonkaProofVerificationError} `header-invalid` naming such a value, or without a `validatorsHash`.
 * @example const hash = hashHeader(header)
 * @see CometBFT, types/block.go, `Header.Hash` */
export function hashHeader(header: Header): Uint8Array {
  checkHeaderShape(header)
  if (header.validatorsHash.length === 0) {
    throw refusal('header-invalid', 'header.validatorsHash is empty; a header without it has no hash.')
  }
  const { version } = header
  return merkleRoot([
    concatBytes(intField(1, version.block), intField(2, version.app)),
    bytesField(1, encodeText(header.chainId)),
    intField(1, header.height),
    encodeTimestamp(header.timeNs),
    encodeBlockId(header.lastBlockId),
    bytesField(1, header.lastCommitHash),
    bytesField(1, header.dataHash),
    bytesField(1, header.validatorsHash),
    bytesField(1, header.nextValidatorsHash),
    bytesField(1, header.consensusHash),
    bytesField(1, header.appHash),
    bytesField(1, header.lastResultsHash),
    bytesField(1, header.evidenceHash),
    bytesField(1, header.proposerAddress),
  ])
}
