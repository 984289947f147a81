import { concatBytes } from '@noble/hashes/utils.js'
import { merkleRoot } from '../merkle-tree.ts'
import { bytesField, integerField, textField } from '../write-protobuf.ts'
import { encodeBlockId } from './encode-block-id.ts'
import { encodeTimestamp } from './timestamp.ts'
import type { Header } from './types.ts'

/** Hash of a header: a Merkle root over its 14 fields.
 * @see Proof reference, section 3.1; cometbft types/block.go `Header.Hash` */
export function hashHeader(header: Header): Uint8Array {
  return merkleRoot([
    concatBytes(integerField(1, header.version.block), integerField(2, header.version.app)),
    textField(1, header.chainId),
    integerField(1, header.height),
    encodeTimestamp(header.timeNs),
    encodeBlockId(header.lastBlockId),
    wrapBytes(header.lastCommitHash),
    wrapBytes(header.dataHash),
    wrapBytes(header.validatorsHash),
    wrapBytes(header.nextValidatorsHash),
    wrapBytes(header.consensusHash),
    wrapBytes(header.appHash),
    wrapBytes(header.lastResultsHash),
    wrapBytes(header.evidenceHash),
    wrapBytes(header.proposerAddress),
  ])
}

/** `BytesValue`; an empty one is an empty leaf. */
function wrapBytes(value: Uint8Array): Uint8Array {
  return value.length === 0 ? value : bytesField(1, value)
}
