import { toBase64, toHex } from './bytes.ts'
import { formatTime } from './time.ts'
import type { BlockId, Header, Validator } from './types.ts'

/** Writes a header as CometBFT's RPC does. */
export function formatHeader(header: Header): unknown {
  return {
    version: { block: `${header.version.block}`, app: `${header.version.app}` },
    chain_id: header.chainId,
    height: `${header.height}`,
    time: formatTime(header.timeNs),
    last_block_id: formatBlockId(header.lastBlockId),
    last_commit_hash: formatHex(header.lastCommitHash),
    data_hash: formatHex(header.dataHash),
    validators_hash: formatHex(header.validatorsHash),
    next_validators_hash: formatHex(header.nextValidatorsHash),
    consensus_hash: formatHex(header.consensusHash),
    app_hash: formatHex(header.appHash),
    last_results_hash: formatHex(header.lastResultsHash),
    evidence_hash: formatHex(header.evidenceHash),
    proposer_address: formatHex(header.proposerAddress),
  }
}

/** Writes a validator as CometBFT's RPC does. */
export function formatValidator({ address, publicKey, votingPower }: Validator): unknown {
  return {
    address: formatHex(address),
    pub_key: { type: 'tendermint/PubKeyEd25519', value: toBase64(publicKey) },
    voting_power: `${votingPower}`,
    proposer_priority: '0',
  }
}

function formatBlockId({ hash, partsTotal, partsHash }: BlockId): unknown {
  return { hash: formatHex(hash), parts: { total: partsTotal, hash: formatHex(partsHash) } }
}

function formatHex(bytes: Uint8Array): string {
  return toHex(bytes).toUpperCase()
}
