/** A small use of one entry of one package: the same source in every consumer. */
export interface Program {
  /** What it imports: a package, or a further entry of one. */
  readonly entry: string
  /** Its source is `src/uses/<file>.ts`; it exports `use(network)`, which resolves with `answer`. */
  readonly file: string
  /** Packages beside the entry's own that it imports: optional peers, to be installed by the user. @default none */
  readonly peers?: readonly PeerName[]
  /** Needs Node's own modules, so no browser, bundle for one, or edge runtime runs it. @default false */
  readonly nodeOnly?: boolean
  /** What it comes to wherever it runs. */
  readonly answer: string
}

/** Packages that some entries need beside their own. */
export type PeerName = 'openai' | '@opentelemetry/api'

const VECTOR_SIGNATURE = 'hfmoW4X1uSR57elB4h7qET4ytkXCKGY7jVUqDU40WSAaSBqId1VSty5G485V92ZQlCFQczWT2XrODUMjurEDWg=='

/** One program for each entry that a published package exports, in the order of the table. */
export const PROGRAMS: readonly Program[] = [
  { entry: '@multiplexer/core', file: 'core', peers: ['openai'], answer: 'upstream:0 from sound' },
  { entry: '@multiplexer/core/router', file: 'core-router', answer: 'whole stream, 1 attempt' },
  { entry: '@multiplexer/core/errors', file: 'core-errors', answer: 'no-such-model true false' },
  { entry: '@multiplexer/core/otel', file: 'core-otel', peers: ['@opentelemetry/api'], answer: 'traced 200' },
  { entry: '@multiplexer/gonka', file: 'gonka', answer: '3 registered in epoch 7, answered 200' },
  { entry: '@multiplexer/gonka/brokers', file: 'gonka-brokers', answer: 'https://api.gonkagate.com/v1' },
  { entry: '@multiplexer/gonka/doctor', file: 'gonka-doctor', answer: 'true ok' },
  { entry: '@gonka/signer', file: 'signer', answer: `200 ${VECTOR_SIGNATURE}` },
  { entry: '@gonka/signer/openai', file: 'signer-openai', peers: ['openai'], answer: 'chat.completion stop' },
  { entry: '@gonka/protocol', file: 'protocol', answer: 'https://node.example.com/v1 false address-invalid' },
  { entry: '@gonka/ics23-verify', file: 'ics23-verify', answer: 'proven; changed: value-mismatch' },
  { entry: '@gonka/light-client', file: 'light-client', answer: 'gonka-devnet +2, app hash of 32 bytes' },
  { entry: '@gonka/discovery', file: 'discovery', answer: '3 participants, trust anchored' },
  { entry: '@gonka/registrar', file: 'registrar', answer: '1 added, answered 200' },
  { entry: '@gonka/refresh', file: 'refresh', answer: 'true 1 7' },
  { entry: '@gonka/devnet', file: 'devnet', nodeOnly: true, answer: '2 participants of epoch 7' },
]

/** The package that an entry belongs to.
 * @param entry - `@scope/name` or `@scope/name/sub`. */
export function packageOf(entry: string): string {
  return entry.split('/').slice(0, 2).join('/')
}
