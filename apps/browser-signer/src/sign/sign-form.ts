import { GonkaConfigError, PATHS, parseAddress, parseHttpUrl } from '@gonka/protocol'
import { type Clock, type SignatureScheme, type Signer, signRequest } from '@gonka/signer'
import { formatCurl } from './format-curl.ts'

/** What the form says, as typed. */
export interface SignForm {
  readonly transferAddress: string
  readonly nodeUrl: string
  readonly scheme: SignatureScheme
  readonly body: string
}

/** A signed request and how to send it. */
export interface SignedForm {
  /** Authorization, X-Requester-Address, X-Timestamp. */
  readonly headers: Readonly<Record<string, string>>
  /** Exactly what is signed. */
  readonly body: string
  /** For sh, bash and zsh. */
  readonly curl: string
}

/** Finds everything that is wrong with a form, so that it can be shown at once.
 * @returns Messages by field; empty when the form can be signed. */
export function findFormErrors({ transferAddress, nodeUrl, body }: SignForm): ReadonlyMap<string, string> {
  const checks = [
    () => parseAddress(transferAddress.trim(), 'transferAddress'),
    () => parseHttpUrl(nodeUrl.trim(), 'nodeUrl'),
    () => checkBody(body),
  ]
  return new Map(checks.flatMap(findError))
}

/** Signs what the form says, for one attempt.
 * @param options.clock - Gives the timestamp.
 * @throws {GonkaConfigError} for what `findFormErrors` finds. */
export async function signForm(
  form: SignForm,
  { signer, clock }: { readonly signer: Signer; readonly clock: Clock },
): Promise<SignedForm> {
  const { scheme, body } = form
  const nodeUrl = parseHttpUrl(form.nodeUrl.trim(), 'nodeUrl').replace(/\/v1$/, '')
  const transferAddress = form.transferAddress.trim()
  const headers = await signRequest({ signer, body, timestampNs: clock.nowNs(), transferAddress, scheme })
  const sent = { 'Content-Type': 'application/json', ...headers }
  return { headers, body, curl: formatCurl({ url: nodeUrl + PATHS.chatCompletions, headers: sent, body }) }
}

/** Nodes refuse what is no JSON object, and the signature would be spent. */
function checkBody(body: string): void {
  const problem = findBodyProblem(body)
  if (problem === undefined) return
  const message = `body must be a JSON object such as {"model":"…","messages":[…]}: ${problem}.`
  throw new GonkaConfigError('config-invalid', message, { field: 'body' })
}

function findBodyProblem(body: string): string | undefined {
  if (body.trim() === '') return 'it is empty'
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? undefined : 'it is another JSON value'
  } catch {
    return 'it does not parse; look for a missing quote, comma or brace'
  }
}

function findError(check: () => unknown): [field: string, message: string][] {
  try {
    check()
    return []
  } catch (error) {
    if (error instanceof GonkaConfigError && error.field !== undefined) return [[error.field, error.message]]
    throw error
  }
}
