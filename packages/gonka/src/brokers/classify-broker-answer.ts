import { classifyNodeAnswer, readErrorText, readNewUrl } from '@gonka/protocol'
import { createVerdict, type Verdict } from '@multiplexer/core/errors'
import type { AttemptOutcome } from '@multiplexer/core/router'
import { classifyRefusedName, type OpenModelRefusal } from '../refuse-made-up-model.ts'

/** A broker whose models are not known is asked for those that requests name, and for no other. */
export const MODELS_UNKNOWN: OpenModelRefusal = {
  code: 'broker_models_unknown',
  reason:
    'the models of this broker are not known, because it did not list them; name a model in the request, or set brokers[].models',
}

/** Judges an attempt at a broker where its answer says more than its status. What suspends a node's whole network concerns a
 * broker alone, and what a gateway says about one model is no fault of the request while other members serve that model.
 * @param outcome - The attempt's status, headers and body; the body is parsed whatever its content type.
 * @param apiKey - Never repeated, also when the broker's answer does.
 * @returns The verdict, or undefined when no answer came or the multiplexer's own table is right.
 * @see Protocol reference, section 5.6 */
export function classifyBrokerAnswer(outcome: AttemptOutcome, apiKey: string): Verdict | undefined {
  const { status, bodyText = '', headers } = outcome
  switch (status) {
    case 308:
      return createVerdict('suspended', { reason: switchedOff(bodyText, apiKey), retryAfterMs: FOR_GOOD })
    case 301:
    case 302:
    case 303:
    case 307:
      return createVerdict('unavailable', {
        reason: `the broker answered with a redirect (${status}), which is never followed; check brokers[].url`,
      })
    case 401:
      return createVerdict('unauthorized', { reason: 'the broker refused the API key (401); check brokers[].apiKey' })
    case 402:
      return createVerdict('suspended', { reason: 'the balance at the broker is used up (402); top it up' })
    case 410:
      return createVerdict('suspended', { reason: 'nobody serves this path any more (410); check brokers[].url' })
    case 400:
      if (UNSUPPORTED_MODEL.test(readErrorText(bodyText))) {
        return createVerdict('model-missing', { reason: 'the broker does not serve this model (400)' })
      }
      return undefined
    case 404:
      return classifyNotFound(bodyText)
    case 503:
      return classifyNodeAnswer({ status, bodyText, contentType: headers?.get('content-type') ?? undefined })
    default:
      return undefined
  }
}

/** A model that is not served, or a path: then the URL may be wrong, or one API of several be missing, such as embeddings. Only
 * the model of the request is held against the broker. */
function classifyNotFound(bodyText: string): Verdict | undefined {
  const refused = classifyRefusedName({ status: 404, bodyText }, MODELS_UNKNOWN)
  if (refused) return refused
  const verdict = classifyNodeAnswer({ status: 404, bodyText })
  if (verdict) return verdict.kind === 'suspended' ? undefined : verdict
  return /model/i.test(bodyText) ? undefined : createVerdict('model-missing', { reason: PATH_MISSING })
}

const PATH_MISSING = 'the broker does not serve this path (404); check brokers[].url, which mostly ends with /v1'
const FOR_GOOD = Number.POSITIVE_INFINITY
const UNSUPPORTED_MODEL = /^unsupported model/i

/** A gateway that was switched off names its new URL in the body; there is no Location header. */
function switchedOff(bodyText: string, apiKey: string): string {
  const advice = 'the gateway was switched off (308); change brokers[].url'
  const newUrl = readNewUrl(bodyText)
  if (newUrl === undefined || newUrl.toLowerCase().includes(apiKey.toLowerCase())) return advice
  return `${advice}: it names ${newUrl}`
}
