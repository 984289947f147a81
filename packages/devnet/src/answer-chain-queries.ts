import { isAddress } from './answer-queries.ts'
import { toBase64 } from './derive.ts'
import type { NodeState } from './node-state.ts'
import { jsonReply, type Reply } from './reply.ts'

/** Codes of gRPC that the chain's REST gateway puts into a refusal. */
const INVALID_ARGUMENT = 3
const NOT_FOUND = 5

/** `GET /chain-api/cosmos/auth/v1beta1/accounts/{addr}`: the account with its public key, null until its first transaction.
 * @see Protocol reference, section 4.2 */
export function answerAuthAccount({ network }: NodeState, address: string): Reply {
  if (!isAddress(address)) return chainError(400, INVALID_ARGUMENT, 'decoding bech32 failed: invalid address')
  const account = network.accounts.find(address)
  if (!account) return chainError(404, NOT_FOUND, `account ${address} not found`)
  const { publicKey } = account
  return jsonReply(200, {
    account: {
      '@type': '/cosmos.auth.v1beta1.BaseAccount',
      address,
      pub_key: publicKey ? { '@type': '/cosmos.crypto.secp256k1.PubKey', key: toBase64(publicKey) } : null,
      account_number: '1',
      sequence: publicKey ? '1' : '0',
    },
  })
}

/** `GET /chain-api/cosmos/bank/v1beta1/balances/{addr}`; an account that is not there, or has nothing, has no coins.
 * @see Protocol reference, section 4.2 */
export function answerBankBalances({ network }: NodeState, address: string): Reply {
  if (!isAddress(address)) return chainError(400, INVALID_ARGUMENT, 'invalid address: decoding bech32 failed')
  const { balance = 0n } = network.accounts.find(address) ?? {}
  const balances = balance > 0n ? [{ denom: 'ngonka', amount: String(balance) }] : []
  return jsonReply(200, { balances, pagination: { next_key: null, total: String(balances.length) } })
}

/** Releases that behave as the devnet's modes do. */
const VERSIONS = {
  'classic-v1': '0.2.5',
  'classic-v2': '0.2.13',
  retired: '0.2.14',
  gateway: '0.2.14',
} as const

/** `GET /v1/versions`: what the node runs.
 * @see Protocol reference, section 4.1 */
export function answerVersions({ network }: NodeState): Reply {
  const version = VERSIONS[network.mode]
  return jsonReply(200, {
    timestamp: new Date(network.now()).toISOString(),
    api_version: { application_name: 'decentralized-api', version, commit: '' },
    node_version: { application_name: 'inferenced', version, commit: '' },
  })
}

/** A refusal as the chain's REST gateway writes it. */
function chainError(status: number, code: number, message: string): Reply {
  return jsonReply(status, { code, message, details: [] })
}
