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
      return { ...upstream, fetch: refuseMemberName(fetch, `${modelNamePrefix}${participant.address}`, ENDPOINT) }
    },
  }
}

/** Why a member whose models nobody could say is not sent a request that names none. */
export interface OpenModelRefusal {
  /** Tells the refusal from an answer of the member's own. */
  readonly code: string
  /** What happened and what to do, for the caller. */
  readonly reason: string
}

/** Wraps a member's `fetch`: a request for a model that carries the member's name is answered here with 404, and not sent. */
export function refuseMemberName(fetch: FetchLike, name: string, refusal: OpenModelRefusal): FetchLike {
  return async (input, init) => (readModel(init?.body) === name ? modelUnknown(name, refusal) : fetch(input, init))
}

/** Judges what `refuseMemberName` answered: it says nothing against the member. Undefined for any other answer. */
export function classifyRefusedName(
  { status, bodyText }: Pick<AttemptOutcome, 'status' | 'bodyText'>,
  { code, reason }: OpenModelRefusal,
): Verdict | undefined {
  return status === 404 && bodyText?.includes(code) ? createVerdict('unsuitable', { reason }) : undefined
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

/** Judges attempts as the registrar does, and those that were refused here. */
export function classifyParticipantAttempt(outcome: AttemptOutcome): Verdict | undefined {
  return classifyRefusedName(outcome, ENDPOINT) ?? classifyAttempt(outcome)
}

const ENDPOINT: OpenModelRefusal = {
  code: 'endpoint_models_unknown',
  reason:
    'the models of this endpoint are not known, because its node did not list them; name a model in the request, or give the endpoint as createParticipant({ address, inferenceUrl, models })',
}

function modelUnknown(name: string, { code, reason }: OpenModelRefusal): Response {
  const error = { message: `${name}: ${reason}.`, type: 'invalid_request_error', code }
  return Response.json({ error }, { status: 404 })
}
