import { gonkaAddress } from '@gonka/signer'
import { failed, passed, skipped, warned } from './create-row.ts'
import { type Account, type FoundAccount, fetchAccount } from './fetch-account.ts'
import type { DoctorSettings } from './read-settings.ts'
import type { DoctorCheck, DoctorPorts, DoctorRow } from './types.ts'

const CHECKS: readonly DoctorCheck[] = ['account', 'balance', 'public-key']

/** Whether the account that pays is on chain, has money, and has a public key that is the signing key's.
 * @param nodeUrls - Nodes that answer; asked in this order until one knows. */
export async function checkAccount(
  settings: DoctorSettings,
  nodeUrls: readonly string[],
  ports: DoctorPorts,
): Promise<DoctorRow[]> {
  const { requesterAddress: address, signer } = settings
  if (address === undefined || !signer) return skipAll('there is no account to look at')
  const found = await askNodes(address, nodeUrls, ports)
  if (found === undefined) return skipAll('no node answers that could tell')
  if (found === 'unknown') {
    const detail = 'the chain knows no such account'
    const next = 'send GNK to this address, then make one transaction from it, which publishes its public key'
    return [failed('account', { subject: address, detail, next }), ...skipAll('there is no such account').slice(1)]
  }
  const account = passed('account', { subject: address, detail: 'exists on chain' })
  return [account, judgeBalance(found), judgePublicKey(found, signer.address)]
}

function skipAll(detail: string): DoctorRow[] {
  return CHECKS.map((check) => skipped(check, { detail }))
}

async function askNodes(address: string, nodeUrls: readonly string[], ports: DoctorPorts): Promise<FoundAccount> {
  for (const nodeUrl of nodeUrls) {
    const found = await fetchAccount(address, nodeUrl, ports)
    if (found !== undefined) return found
  }
  return undefined
}

/** What a node holds back for a request without `max_tokens`: 5,000 tokens at the chain's legacy price, and a short prompt.
 * @see Protocol reference, section 5.2 */
const USUAL_RESERVE = 5_100n * 1_000n

function judgeBalance({ balance }: Account): DoctorRow {
  if (balance === undefined) return skipped('balance', { detail: 'no node shows it' })
  const detail = formatGonka(balance)
  if (balance === 0n) return failed('balance', { detail, next: FUND })
  if (balance >= USUAL_RESERVE) return passed('balance', { detail })
  const reserve = formatGonka(USUAL_RESERVE)
  const next = `${FUND}, or set max_tokens: a request without it may reserve ${reserve}`
  return warned('balance', { detail, next })
}

const FUND = 'send GNK to the account'

const NGONKA = 1_000_000_000n

/** 1 GNK = 10^9 ngonka, to the last digit. */
function formatGonka(ngonka: bigint): string {
  const fraction = String(ngonka % NGONKA)
    .padStart(9, '0')
    .replace(/0+$/, '')
  return `${ngonka / NGONKA}${fraction === '' ? '' : `.${fraction}`} GNK`
}

function judgePublicKey({ publicKey }: Account, keyAddress: string): DoctorRow {
  if (publicKey === undefined) {
    const detail = 'the account has no public key on chain: nodes cannot verify its signatures'
    return failed('public-key', {
      detail,
      next: 'make one transaction from the account, as `inferenced publish-pubkey` does',
    })
  }
  if (addressOf(publicKey) === keyAddress) return passed('public-key', { detail: 'on chain, and that of the key' })
  const detail = 'the public key on chain is not that of the key: nodes refuse its signatures'
  return failed('public-key', { detail, next: 'use the key of the account (GONKA_PRIVATE_KEY), or another node' })
}

function addressOf(publicKey: string): string | undefined {
  try {
    return gonkaAddress(Uint8Array.from(atob(publicKey), (character) => character.charCodeAt(0)))
  } catch {
    return undefined
  }
}
