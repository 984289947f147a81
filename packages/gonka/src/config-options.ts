import type { Trust, TrustStore } from '@gonka/discovery'
import type { GonkaParticipant } from '@gonka/protocol'
import type { ParticipantStore } from '@gonka/refresh'
import type { SignatureScheme, Signer } from '@gonka/signer'
import type { BrokerOptions } from './brokers/gonka-broker.ts'

/** Environment variables by name. */
export type GonkaEnvironment = Readonly<Record<string, string | undefined>>

/** Settings of a Gonka network. A field that is undefined is taken from the environment, then from the default. */
export interface GonkaConfigOptions {
  /** secp256k1 key of the account that pays: 64 hex digits, with or without `0x`. It is turned into a signer at once and kept
   * nowhere else. Required unless `signer` is given or there are only `brokers`. Environment: `GONKA_PRIVATE_KEY` */
  readonly privateKey?: string | undefined
  /** Signs instead of a private key: a KMS, hardware, a browser wallet. */
  readonly signer?: Signer | undefined
  /** Node that is asked for the participants. Environment: `GONKA_SOURCE_URL`, several separated by commas */
  readonly sourceUrl?: string | undefined
  /** More nodes, asked in this order when an earlier one fails; `[]` uses none, also when the environment names some. */
  readonly sourceUrls?: readonly string[] | undefined
  /** Participants configured by hand, `url;address` or built by `createParticipant`; with or without a source. They are kept
   * through refreshes, and a source that lists the same address wins. Environment: `GONKA_ENDPOINTS`, separated by commas */
  readonly endpoints?: readonly (string | GonkaParticipant)[] | undefined
  /** Brokers that sell access to the network behind an OpenAI-compatible API; alone or beside participants, which need a key,
   * as brokers do not. Environment: `GONKA_BROKERS`, as `url;key`, separated by commas */
  readonly brokers?: readonly BrokerOptions[] | undefined
  /** Account that requests are signed for, in place of the key's own. Environment: `GONKA_ADDRESS`
   * @default the address of the key */
  readonly address?: string | undefined
  /** Use only lists of participants that the chain's validators signed; needs `trust` and `chainId`.
   * Environment: `GONKA_VERIFY_PROOF` @default whether `trust` is given */
  readonly verifyProofs?: boolean | undefined
  /** Where trust in block headers comes from: a header known from elsewhere, `{ height, hash }`; independent nodes that must
   * agree, `{ witnesses, quorum }`; or `'first-use'`. Environment: `GONKA_TRUST`, as `height:hash` or `first-use` */
  readonly trust?: Trust | undefined
  /** The chain's id, such as `gonka-mainnet`. Required to verify proofs. Environment: `GONKA_CHAIN_ID` */
  readonly chainId?: string | undefined
  /** Remembers what was proven, as `createFileTrustStore` does across restarts. @default memory */
  readonly trustStore?: TrustStore | undefined
  /** Keeps the last good list of participants, as `createFileParticipantStore` does, for a start while every source is down.
   * Whoever can write it chooses the participants. @default none */
  readonly participantStore?: ParticipantStore | undefined
  /** Keep the participants current in the background, when there is a source. @default true */
  readonly refreshEnabled?: boolean | undefined
  /** Time between refreshes in milliseconds, > 0. @default 60_000 */
  readonly refreshIntervalMs?: number | undefined
  /** Most requests in flight at once per participant or broker, >= 1. @default unlimited */
  readonly defaultMaxConcurrent?: number | undefined
  /** Use the participants and brokers only when no member of tier 0 can serve. @default false */
  readonly registerAsFallback?: boolean | undefined
  /** Goes before the address of a participant, or `broker:` and its host, in member names; not empty. Networks in one multiplexer need different ones. @default 'gonka:' */
  readonly modelNamePrefix?: string | undefined
  /** Accept participants that a source lists at loopback, private and link-local hosts. @default false */
  readonly allowPrivateHosts?: boolean | undefined
  /** What is signed: `v2` for nodes since v0.2.6, `v1` for older ones. @default 'v2' */
  readonly scheme?: SignatureScheme | undefined
}

/** Options as they come, before any check. */
export type UncheckedOptions = { readonly [K in keyof GonkaConfigOptions]?: unknown } & {
  /** Of options that were checked already, `verifyProofs` as it was given: what was only concluded from having no `trust` must
   * not outweigh a trust that another layer gives. */
  readonly verifyProofsGiven?: unknown
}

/** Fields that stand for the same thing: a layer that has one of them decides all of them. */
const FIELD_GROUPS: readonly (readonly (keyof GonkaConfigOptions)[])[] = [
  ['privateKey', 'signer'],
  ['sourceUrl', 'sourceUrls'],
  ['endpoints'],
  ['brokers'],
  ['address'],
  ['verifyProofs'],
  ['trust'],
  ['chainId'],
  ['trustStore'],
  ['participantStore'],
  ['refreshEnabled'],
  ['refreshIntervalMs'],
  ['defaultMaxConcurrent'],
  ['registerAsFallback'],
  ['modelNamePrefix'],
  ['allowPrivateHosts'],
  ['scheme'],
]

/** Lays one set of options over another: what `upper` leaves undefined comes from `lower`; false and 0 are values. */
export function mergeOptions(upper: UncheckedOptions, lower: UncheckedOptions): UncheckedOptions {
  const merged: Record<string, unknown> = {}
  for (const group of FIELD_GROUPS) {
    const layer = group.some((field) => readField(upper, field) !== undefined) ? upper : lower
    for (const field of group) merged[field] = readField(layer, field)
  }
  return merged
}

function readField(layer: UncheckedOptions, field: keyof GonkaConfigOptions): unknown {
  return field === 'verifyProofs' && 'verifyProofsGiven' in layer ? layer.verifyProofsGiven : layer[field]
}
