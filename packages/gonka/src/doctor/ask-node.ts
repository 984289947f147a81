import { anonymousRequest, describeErrorCode, readBodyText, runWithTimeout } from '@gonka/protocol'
import type { DoctorPorts } from './types.ts'

/** What is asked. */
export interface Question {
  readonly url: string
  /** Sent as a POST; a GET when undefined. */
  readonly body?: string | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
}

/** An answer, whatever its status. */
export interface Answer {
  readonly status: number
  readonly text: string
  readonly headers: Headers
}

/** An answer, or why there is none, as the end of a sentence that begins with the node's name. */
export type Asked = Answer | { readonly problem: string }

/** No answer that the checks read is longer. */
const MAX_BYTES = 4 * 1024 * 1024

/** Asks a node or a broker once: no redirects, a time limit and a byte limit. What it writes is not repeated here.
 * @throws The signal's reason when it is aborted, and nothing else. */
export async function askNode(question: Question, ports: DoctorPorts): Promise<Asked> {
  const { timeoutMs, signal } = ports
  const createTimeoutError = (): Error => new NoAnswer(`did not answer within ${timeoutMs} ms`)
  try {
    return await runWithTimeout((inner) => send(question, { ...ports, signal: inner }), {
      timeoutMs,
      signal,
      createTimeoutError,
    })
  } catch (error) {
    signal?.throwIfAborted()
    if (error instanceof NoAnswer) return { problem: error.message }
    return { problem: `could not be reached, or broke off its answer${describeErrorCode(error)}` }
  }
}

/** The answer as JSON; undefined when there is no answer of status 200, or it is not a JSON object. */
export function readJson(asked: Asked): Readonly<Record<string, unknown>> | undefined {
  return 'problem' in asked || asked.status !== 200 ? undefined : parseObject(asked.text)
}

/** A text as a JSON object; undefined when it is none. */
export function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

class NoAnswer extends Error {}

async function send({ url, body, headers }: Question, { fetch, signal }: DoctorPorts): Promise<Answer> {
  const response = await fetch(url, {
    ...anonymousRequest(),
    method: body === undefined ? 'GET' : 'POST',
    headers: { accept: 'application/json', ...headers },
    signal: signal ?? null,
    ...(body === undefined ? {} : { body }),
  })
  if (isRedirect(response)) throw new NoAnswer(describeRedirect(url, response))
  const text = await readBodyText(response, MAX_BYTES)
  if (text === undefined) throw new NoAnswer(`answered more than ${MAX_BYTES} bytes`)
  return { status: response.status, text, headers: response.headers }
}

/** A gateway that was switched off answers 308 with a body and without a Location: that is an answer. */
function isRedirect({ type, redirected, headers }: Response): boolean {
  return redirected || type === 'opaqueredirect' || headers.has('location')
}

/** Where it leads is a stranger's text, but for the one place that most do. */
function describeRedirect(url: string, { headers }: Response): string {
  const isUpgrade = url.startsWith('http:') && headers.get('location') === url.replace('http:', 'https:')
  return isUpgrade
    ? 'answered with a redirect to https, which is never followed; begin the URL with https://'
    : 'answered with a redirect, which is never followed; use the URL that it leads to, if you trust it'
}
