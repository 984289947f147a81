import { PATHS } from '@gonka/protocol'
import { type Asked, askNode, parseObject, readJson } from './ask-node.ts'
import type { DoctorPorts } from './types.ts'

/** An account as the chain has it. */
export interface Account {
  /** Base64; undefined until the account's first transaction. */
  readonly publicKey: string | undefined
  /** ngonka; undefined when no node says. */
  readonly balance: bigint | undefined
}

/** An account, `unknown` to the chain, or undefined when no node tells. */
export type FoundAccount = Account | 'unknown' | undefined

/** Asks a node for an account: by its own API, and by the chain's where that does not tell all. Old nodes know participants
 * only, and no node shows the balance of an account that has no public key.
 * @see Protocol reference, sections 1.6, 4.1 and 4.2 */
export async function fetchAccount(address: string, nodeUrl: string, ports: DoctorPorts): Promise<FoundAccount> {
  const told = readAccount(await askNode({ url: nodeUrl + PATHS.account(address) }, ports))
  if (told !== undefined && told !== 'unknown' && told.balance !== undefined) return told
  return (await fetchFromChain(address, nodeUrl, ports)) ?? told
}

function readAccount(asked: Asked): FoundAccount {
  if ('problem' in asked) return undefined
  const { pubkey, balance, error } = parseObject(asked.text) ?? {}
  const isAccount = pubkey !== undefined || balance !== undefined
  if (asked.status === 200 && isAccount) return { publicKey: textOf(pubkey), balance: readBalance(asked.text) }
  if (asked.status !== 404 || typeof error !== 'string') return undefined
  if (error === 'account has no public key') return { publicKey: undefined, balance: undefined }
  return /not found$/i.test(error) ? 'unknown' : undefined
}

/** Digits are read from the text: a JSON number above 2^53 loses some. Old nodes leave a zero out. */
function readBalance(text: string): bigint | undefined {
  const [, digits] = /"balance"\s*:\s*"?(\d{1,40})\b/.exec(text) ?? []
  return digits === undefined ? 0n : BigInt(digits)
}

async function fetchFromChain(address: string, nodeUrl: string, ports: DoctorPorts): Promise<FoundAccount> {
  const api = `${nodeUrl}/chain-api/cosmos`
  const [auth, bank] = await Promise.all([
    askNode({ url: `${api}/auth/v1beta1/accounts/${address}` }, ports),
    askNode({ url: `${api}/bank/v1beta1/balances/${address}` }, ports),
  ])
  if ('problem' in auth) return undefined
  // gRPC's NotFound; the route itself may be missing, and that has no such code.
  if (auth.status === 404 && parseObject(auth.text)?.code === 5) return 'unknown'
  const { account } = readJson(auth) ?? {}
  if (typeof account !== 'object' || account === null) return undefined
  const { pub_key: key } = account as { pub_key?: { key?: unknown } | null }
  return { publicKey: textOf(key?.key), balance: readCoins(readJson(bank)) }
}

function readCoins(json: Readonly<Record<string, unknown>> | undefined): bigint | undefined {
  if (!Array.isArray(json?.balances)) return undefined
  const coins = json.balances as readonly ({ denom?: unknown; amount?: unknown } | null)[]
  const amount = coins.find((coin) => coin?.denom === 'ngonka')?.amount ?? '0'
  return typeof amount === 'string' && /^\d{1,40}$/.test(amount) ? BigInt(amount) : undefined
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}
