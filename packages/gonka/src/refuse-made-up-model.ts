import { classifyAttempt, type SigningClientFactory } from '@gonka/registrar'
import { createVerdict, type Verdict } from '@multiplexer/core/errors'
import type { AttemptOutcome, FetchLike } from '@multiplexer/core/router'

/** Wraps a client factory so that no participant is ever asked for a model that carries a member's name. The multiplexer has
 * nothing else to send when the caller leaves the model open and nobody could say which ones an endpoint serves.
 * @param factory - Makes the clients.
 * @param modelNamePrefix - Goes before the address in member names. */
export function refuseMadeUpModel(factory: SigningClientFactory, modelNamePrefix: string): SigningClientFactory {
  return {
    ...factory,
    createClient(participant) {
      const upstream = factory.createClient(participant)
      const { fetch } = upstream
      const isKnown = participant.epochId > 0 || participant.models.length > 0
      if (isKnown || !fetch) return upstream
      return { ...upstream, fetch: refuseModel(fetch, `${modelNamePrefix}${participant.address}`) }
    },
  }
}

function refuseModel(fetch: FetchLike, name: string): FetchLike {
  return async (input, init) => (readModel(init?.body) === name ? modelUnknown(name) : fetch(input, init))
}

/** The multiplexer gives bodies as bytes. */
function readModel(body: unknown): unknown {
  if (!(body instanceof Uint8Array)) return undefined
  try {
    return (JSON.parse(new TextDecoder().decode(body)) as { model?: unknown } | null)?.model
  } catch {
    return undefined
  }
}

/** Judges attempts as the registrar does; an attempt that was refused here says nothing against the participant. */
export function classifyParticipantAttempt(outcome: AttemptOutcome): Verdict | undefined {
  const isRefusedHere = outcome.status === 404 && outcome.bodyText?.includes(CODE)
  return isRefusedHere ? createVerdict('unsuitable', { reason: REASON }) : classifyAttempt(outcome)
}

const CODE = 'endpoint_models_unknown'
const REASON =
  'the models of this endpoint are not known, because its node did not list them; name a model in the request, or give the endpoint as createParticipant({ address, inferenceUrl, models })'

function modelUnknown(name: string): Response {
  const error = { message: `${name}: ${REASON}.`, type: 'invalid_request_error', code: CODE }
  return Response.json({ error }, { status: 404 })
}
