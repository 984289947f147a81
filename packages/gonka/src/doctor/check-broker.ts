import { classifyBrokerAnswer } from '../brokers/classify-broker-answer.ts'
import { fetchBrokerModels } from '../brokers/fetch-broker-models.ts'
import type { GonkaBroker } from '../brokers/gonka-broker.ts'
import { type Answer, parseObject } from './ask-node.ts'
import { failed, passed, warned } from './create-row.ts'
import { listModels } from './list-models.ts'
import { probeChat } from './probe-chat.ts'
import type { DoctorPorts, DoctorRow } from './types.ts'

/** Asks a broker for its models, and for a completion that there cannot be: that tells a good key from a bad one for nothing. */
export async function checkBroker(broker: GonkaBroker, ports: DoctorPorts): Promise<DoctorRow> {
  const [asked, models] = await Promise.all([
    probeChat(broker.url, { ...ports, apiKey: broker.apiKey() }),
    broker.models ?? fetchBrokerModels(broker, ports),
  ])
  const subject = broker.name
  if ('problem' in asked) return failed('broker', { subject, detail: `it ${asked.problem}`, next: CHECK_URL })
  const refusal = describeRefusal(asked, broker)
  if (refusal) return failed('broker', { subject, ...refusal })
  const list = models ? listModels(models) : 'it does not say which models it serves'
  if (asked.status === 429 || asked.status >= 500) {
    const detail = `answered ${asked.status}, so that its key could not be checked; ${list}`
    return warned('broker', { subject, detail, next: 'ask again later' })
  }
  return passed('broker', { subject, detail: `accepts the key; ${list}` })
}

/** Why requests with the key do not get through; undefined when they do, or when it cannot be told. */
function describeRefusal(
  { status, text, headers }: Answer,
  broker: GonkaBroker,
): { readonly detail: string; readonly next: string } | undefined {
  if (status === 401 || status === 403) return { detail: `refused the API key (${status})`, next: CHECK_KEY }
  const verdict = classifyBrokerAnswer({ status, bodyText: text, headers }, broker.apiKey())
  if (verdict?.kind === 'suspended') {
    const detail = verdict.reason ?? `answered ${status}`
    return { detail, next: status === 402 ? 'add funds to your account at the broker' : CHECK_URL }
  }
  if (status < 300 && !Array.isArray(parseObject(text)?.choices)) {
    return {
      detail: `answered ${status} with something else than a completion: this is no API of models`,
      next: CHECK_URL,
    }
  }
  // 404 may be about the path or about the model, and only a broker's own refusal is JSON about the model.
  const isPath = status === 404 && !text.includes('model')
  return isPath || status === 405 ? { detail: `nobody serves this path (${status})`, next: CHECK_URL } : undefined
}

const CHECK_KEY = 'check the key in GONKA_BROKERS (option brokers[].apiKey) at the broker'
const CHECK_URL =
  'check the URL in GONKA_BROKERS (option brokers[].url): it ends where /chat/completions begins, mostly with /v1'
