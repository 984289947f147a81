import { GonkaConfigError } from '@gonka/protocol'
import { countOf } from './count-of.ts'
import { failed, passed, skipped } from './create-row.ts'
import type { DoctorSettings } from './read-settings.ts'
import type { DoctorOptions, DoctorRow } from './types.ts'

/** Says what is configured, and which settings are wrong. */
export function checkConfiguration({ problems, sourceUrls, endpoints, brokers }: DoctorSettings): DoctorRow[] {
  if (problems.length > 0) {
    return problems.map((problem) => failed('configuration', { detail: problem.message, next: nextStep(problem) }))
  }
  const counts = [
    countOf(sourceUrls.length, 'source'),
    `${countOf(endpoints.length, 'endpoint')} by hand`,
    countOf(brokers.length, 'broker'),
  ]
  return [passed('configuration', { detail: counts.join(', ') })]
}

/** What to set in place of a wrong or missing setting. */
function nextStep(problem: Error): string {
  if (!(problem instanceof GonkaConfigError)) return 'see the README, section Options'
  if (problem.field === undefined) return SET_ANYBODY
  const option = /^\w+/.exec(problem.field)?.[0] ?? problem.field
  return BY_OPTION.get(option) ?? `correct the option ${option}; see the README, section Options`
}

const SET_ANYBODY =
  'set GONKA_SOURCE_URL (http://node:8000), GONKA_ENDPOINTS (url;address) or GONKA_BROKERS (url;key), or the option of the same meaning; see the README, section Options'

const SET_SOURCE = 'set GONKA_SOURCE_URL (option sourceUrls) to http://node:8000, several separated by commas'

/** By the option that an error names, where a variable stands for it. */
const BY_OPTION: ReadonlyMap<string, string> = new Map([
  ['sourceUrl', SET_SOURCE],
  ['sourceUrls', SET_SOURCE],
  ['endpoints', 'set GONKA_ENDPOINTS (option endpoints) to url;address, several separated by commas'],
  ['brokers', 'set GONKA_BROKERS (option brokers) to url;key, several separated by commas'],
  ['verifyProofs', 'set GONKA_VERIFY_PROOF (option verifyProofs) to 1 or 0'],
  ['trust', 'set GONKA_TRUST (option trust) to height:hash of a header, or first-use'],
  ['chainId', 'set GONKA_CHAIN_ID (option chainId) to the id of the chain, such as gonka-mainnet'],
])

/** Whether there is a key that can sign, and where it came from. */
export function checkKey(settings: DoctorSettings, options: DoctorOptions): DoctorRow {
  const { signer, keyProblem } = settings
  if (keyProblem) {
    return failed('key', {
      detail: `${keyProblem.message.replace(/\.$/, '')}${originOf(settings, options)}`,
      next: FIX_KEY,
    })
  }
  if (!signer) return skipped('key', { detail: 'none is needed: nobody is configured who takes signed requests' })
  return passed('key', { detail: `well-formed${originOf(settings, options)}` })
}

const FIX_KEY =
  'set GONKA_PRIVATE_KEY to the 64 hex digits of the account that pays, or put them into a file and pass --key-file'

function originOf({ merged }: DoctorSettings, { signer, privateKey, keyOrigin }: DoctorOptions): string {
  if (signer !== undefined) return ', from the signer option'
  if (privateKey !== undefined) return `, from ${keyOrigin ?? 'the privateKey option'}`
  return merged.privateKey === undefined ? '' : ', from GONKA_PRIVATE_KEY'
}

/** Whether requests are signed for the account whose key signs them: nodes verify with that account's key. */
export function checkAddress({ signer, requesterAddress, addressProblem }: DoctorSettings): DoctorRow {
  if (!signer) return skipped('address', { detail: 'there is no key to derive it from' })
  if (addressProblem) return failed('address', { detail: addressProblem.message, next: FIX_ADDRESS })
  if (requesterAddress === signer.address) {
    return passed('address', { subject: signer.address, detail: 'the account that signs and pays' })
  }
  return failed('address', {
    subject: requesterAddress,
    detail: `requests are signed for this account, and the key is that of ${signer.address}; nodes refuse such signatures`,
    next: FIX_ADDRESS,
  })
}

const FIX_ADDRESS = 'unset GONKA_ADDRESS (option address), or use the key of that account'
