import { classifyBrokerAnswer } from '../brokers/classify-broker-answer.ts'
import type { GonkaBroker } from '../brokers/gonka-broker.ts'
import { describeUnusable, fetchModelList } from '../fetch-model-list.ts'
import { type Answer, parseObject } from './ask-node.ts'
import { failed, passed, type RowTexts, warned } from './create-row.ts'
import { listModels } from './list-models.ts'
import { probeChat } from './probe-chat.ts'
import type { DoctorPorts, DoctorRow } from './types.ts'

/** Asks a broker for its models, and for a completion that there cannot be: that tells a good key from a bad one for nothing. */
export async function checkBroker(broker: GonkaBroker, ports: DoctorPorts): Promise<DoctorRow> {
  const [asked, models] = await Promise.all([
    probeChat(broker.url, { ...ports, apiKey: broker.apiKey() }),
    describeModels(broker, ports),
  ])
  const subject = broker.name
  if ('problem' in asked) return failed('broker', { subject, detail: `it ${asked.problem}`, next: CHECK_URL })
  const refusal = describeRefusal(asked, broker)
  if (refusal) return failed('broker', { subject, ...refusal })
  const { status } = asked
  if (status === 403 || status === 429 || status >= 500) {
    const detail = `answered ${status}, so that its key could not be checked; ${models.detail}`
    return warned('broker', { subject, detail, next: status === 403 ? SEND_ONE : 'ask again later' })
  }
  return passed('broker', { subject, ...models, detail: `accepts the key; ${models.detail}` })
}

/** Which models requests may name, or why that is not known. */
async function describeModels(broker: GonkaBroker, ports: DoctorPorts): Promise<RowTexts> {
  try {
    const request = { baseUrl: broker.url, apiKey: broker.apiKey() }
    return { detail: listModels(broker.models ?? (await fetchModelList(request, ports))) }
  } catch (error) {
    ports.signal?.throwIfAborted()
    return { detail: `which models it serves is not known: ${describeUnusable(error)}`, next: NAME_MODELS }
  }
}

/** Why requests with the key do not get through; undefined when they do, or when it cannot be told. */
function describeRefusal(
  { status, text, headers }: Answer,
  broker: GonkaBroker,
): { readonly detail: string; readonly next: string } | undefined {
  if (status === 401 || (status === 403 && !isAboutSomethingElse(text))) {
    return { detail: `refused the API key (${status})`, next: CHECK_KEY }
  }
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

/** A page is a firewall's, and a refusal that names the model may be about the one that there is not. */
function isAboutSomethingElse(text: string): boolean {
  return parseObject(text) === undefined || /model/i.test(text)
}

const CHECK_KEY = 'check the key in GONKA_BROKERS (option brokers[].apiKey) at the broker'
const CHECK_URL =
  'check the URL in GONKA_BROKERS (option brokers[].url): it ends where /chat/completions begins, mostly with /v1'
const SEND_ONE = 'see whether it answers a request for a model that it serves (here --send --model <id>)'
const NAME_MODELS = 'name a model in each request, or say which there are: option brokers[].models'
