import type { SignatureScheme } from '@gonka/signer'
import { knownBrokers } from '../brokers/known-brokers.ts'
import type { ParticipantFinding } from './check-participants.ts'
import { countOf } from './count-of.ts'
import { failed, passed, skipped, warned } from './create-row.ts'
import type { DoctorRow } from './types.ts'

/** What the other checks found out about the ways in. */
export interface WaysIn {
  readonly participants: readonly ParticipantFinding[]
  readonly brokers: readonly DoctorRow[]
  readonly scheme: SignatureScheme
  /** What the sources run. */
  readonly versions: readonly string[]
}

/** Which way in works: signatures, or brokers, or none. */
export function checkProtocol({ participants, brokers, scheme, versions }: WaysIn): DoctorRow {
  const count = (mode: string): number => participants.filter((each) => each.mode === mode).length
  const working = brokers.filter(({ status }) => status === 'ok').length
  const bearer = `${working} of ${countOf(brokers.length, 'broker')} accepted the API key`
  const signed = count('signed')
  if (signed > 0)
    return judgeScheme(`${signed} of ${countOf(participants.length, 'participant')} asked take signed requests`, {
      scheme,
      versions,
    })
  if (participants.length === 0) {
    if (working > 0) return passed('protocol', { detail: bearer })
    return brokers.length === 0
      ? skipped('protocol', { detail: 'nobody was there to ask' })
      : failed('protocol', { detail: bearer, next: 'see the rows broker' })
  }
  const detail = describe(participants.length, { retired: count('retired'), gateways: count('gateway') })
  if (working === 0) return failed('protocol', { detail, next: nextStep(count('retired'), count('gateway')) })
  const next = 'nothing while a broker answers; brokers alone need neither a source nor a private key'
  return warned('protocol', { detail: `${detail}; ${bearer}`, next })
}

function describe(
  total: number,
  { retired, gateways }: { readonly retired: number; readonly gateways: number },
): string {
  if (retired > 0)
    return `this network retired signed requests (410): ${retired} of ${countOf(total, 'participant')} asked say so`
  if (gateways > 0) return `${gateways} of ${countOf(total, 'participant')} asked take API keys and no signatures`
  return `none of ${countOf(total, 'participant')} asked takes requests`
}

function nextStep(retired: number, gateways: number): string {
  if (retired > 0) return USE_BROKER
  if (gateways > 0) return 'get an API key for one and set GONKA_BROKERS to <its URL>/v1;<key> (option brokers)'
  return `see the rows participant and transfer-agents; or ${USE_BROKER}`
}

const NAMED = knownBrokers.flatMap(({ name, baseURL }) => (baseURL === undefined ? [] : [name])).join(', ')

const USE_BROKER = `use a broker with an API key: set GONKA_BROKERS to <base URL>/v1;<key>, or pass brokers: [{ url, apiKey }] to registerGonkaModels; known ones are ${NAMED}`

/** Nodes before v0.2.6 know the first scheme only, and later ones the second. */
function judgeScheme(
  detail: string,
  { scheme, versions }: { readonly scheme: SignatureScheme; readonly versions: readonly string[] },
): DoctorRow {
  const needed = versions.map((version): SignatureScheme => (isBeforeV2(version) ? 'v1' : 'v2'))
  const other = needed.find((each) => each !== scheme)
  if (other === undefined || needed.includes(scheme)) return passed('protocol', { detail })
  const next = `pass scheme: '${other}' to registerGonkaModels (here --scheme ${other})`
  return failed('protocol', { detail: `${detail}, and they verify scheme ${other}; ${scheme} is configured`, next })
}

function isBeforeV2(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
  return major === 0 && (minor < 2 || (minor === 2 && patch < 6))
}
