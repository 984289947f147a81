import { classifyNodeAnswer, type GonkaParticipant, PATHS } from '@gonka/protocol'
import { askNode, readJson } from './ask-node.ts'
import { failed, passed, type RowTexts, warned } from './create-row.ts'
import { listModels } from './list-models.ts'
import { type ChatMode, probeChat, readChatMode } from './probe-chat.ts'
import type { DoctorPorts, DoctorRow } from './types.ts'

/** What a participant is found to be; `silent` gave no answer. */
export interface ParticipantFinding {
  readonly mode: ChatMode | 'silent'
  readonly row: DoctorRow
}

/** Asks a participant, without a signature and without a charge, how it takes requests.
 * @param byHand - Configured by hand: what is wrong with it is the user's to mend, and its address is compared with what the
 * node says. The network's own list may always name some that are down. */
export async function checkParticipant(
  participant: GonkaParticipant,
  byHand: boolean,
  ports: DoctorPorts,
): Promise<ParticipantFinding> {
  const [asked, identity] = await Promise.all([
    probeChat(participant.baseUrl, ports),
    byHand ? fetchIdentity(participant, ports) : undefined,
  ])
  const subject = `${participant.address} at ${participant.inferenceUrl}`
  const wrong = (texts: RowTexts & { readonly next: string }): DoctorRow =>
    byHand ? failed('participant', { subject, ...texts }) : warned('participant', { subject, ...texts })
  if ('problem' in asked) return { mode: 'silent', row: wrong({ detail: `it ${asked.problem}`, next: OTHERS_SERVE }) }
  const mode = readChatMode(asked)
  if (identity !== undefined && identity !== participant.address) {
    const detail = `the node there says that it is ${identity}; it refuses what is signed for another address`
    return { mode: 'other', row: wrong({ detail, next: 'correct the address in GONKA_ENDPOINTS (option endpoints)' }) }
  }
  if (mode === 'signed') {
    const models = participant.models.length > 0 ? `; ${listModels(participant.models)}` : ''
    return { mode, row: passed('participant', { subject, detail: `takes signed requests${models}` }) }
  }
  if (mode === 'gateway') return { mode, row: wrong({ detail: 'takes API keys and no signatures', next: AS_BROKER }) }
  const verdict = classifyNodeAnswer({
    status: asked.status,
    bodyText: asked.text,
    contentType: asked.headers.get('content-type') ?? undefined,
  })
  const detail = mode === 'retired' ? 'retired signed requests (410)' : (verdict?.reason ?? `answered ${asked.status}`)
  return { mode, row: wrong({ detail, next: mode === 'retired' ? SEE_PROTOCOL : OTHERS_SERVE }) }
}

const OTHERS_SERVE = 'nothing while others serve: the multiplexer leaves it out until it recovers'
const SEE_PROTOCOL = 'see the row protocol'
const AS_BROKER = 'get an API key for it and set GONKA_BROKERS to <its URL>/v1;<key> (option brokers)'

/** The address that a node says it has; undefined when it does not say, as before v0.2.6. */
async function fetchIdentity({ inferenceUrl }: GonkaParticipant, ports: DoctorPorts): Promise<string | undefined> {
  const url = inferenceUrl.replace(/\/v1$/, '') + PATHS.identity
  const { data } = readJson(await askNode({ url }, ports)) ?? {}
  const { address } = (data ?? {}) as { address?: unknown }
  return typeof address === 'string' && /^gonka1[0-9a-z]{38}$/.test(address) ? address : undefined
}
