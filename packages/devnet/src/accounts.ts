import { type AccountKeys, deriveAccountKeys } from './derive.ts'

/** A test account: a key that was never secret. */
export interface DevnetAccount {
  /** 64 hex digits. Derived from the seed, so everybody knows it: never fund it on a real network. */
  readonly privateKey: string
  /** `gonka1…`. */
  readonly address: string
}

/** Options of `Devnet.createAccount`. */
export interface AccountOptions {
  /** ngonka, >= 0. @default 10^18 */
  readonly balance?: bigint | number | undefined
  /** false: the chain does not know the public key, as before an account's first transaction. @default true */
  readonly publishKey?: boolean | undefined
}

/** An account as the chain knows it. */
export interface ChainAccount {
  readonly address: string
  /** 33 bytes; undefined until the account's first transaction. */
  readonly publicKey: Uint8Array | undefined
  /** ngonka. */
  balance: bigint
}

const RICH = 10n ** 18n

/** The chain's accounts. */
export class Accounts {
  readonly #seed: string
  readonly #byAddress = new Map<string, ChainAccount>()
  #created = 0

  constructor(seed: string) {
    this.#seed = seed
  }

  /** Makes an account whose key depends on the seed and on how many were made before. */
  create({ balance = RICH, publishKey = true }: AccountOptions = {}): DevnetAccount {
    const amount = parseBalance(balance)
    const keys = deriveAccountKeys(this.#seed, `account/${this.#created++}`)
    this.add(keys, { balance: amount, publishKey })
    return { privateKey: keys.privateKey, address: keys.address }
  }

  /** Registers given keys. */
  add(keys: AccountKeys, { balance, publishKey }: { balance: bigint; publishKey: boolean }): void {
    const publicKey = publishKey ? keys.publicKey : undefined
    this.#byAddress.set(keys.address, { address: keys.address, publicKey, balance })
  }

  find(address: string): ChainAccount | undefined {
    return this.#byAddress.get(address)
  }
}

function parseBalance(balance: bigint | number): bigint {
  if (typeof balance === 'number' && !Number.isSafeInteger(balance)) {
    throw new RangeError('balance must be a whole number of ngonka; use a bigint above 2^53.')
  }
  if (balance < 0) throw new RangeError('balance must be >= 0 ngonka.')
  return BigInt(balance)
}
