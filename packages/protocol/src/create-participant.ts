import { GonkaConfigError } from './errors.ts'
import { parseAddress } from './parse-address.ts'
import { parseHttpUrl } from './parse-url.ts'
import type { GonkaParticipant } from './participant.ts'

/** Input of `createParticipant`: address and URL are required, the rest has the chain's defaults. */
export interface ParticipantInput {
  /** Account address, `gonka1…`. */
  readonly address: string
  /** http(s) URL without credentials, query or fragment. */
  readonly inferenceUrl: string
  /** Share of compute, >= 0, at most 2^53 - 1. @default 1 */
  readonly weight?: number | undefined
  /** Model ids. @default [] */
  readonly models?: readonly string[] | undefined
  /** Consensus key, base64. @default '' */
  readonly validatorKey?: string | undefined
  /** Epoch, >= 0. @default 0 */
  readonly epochId?: number | undefined
}

/** Builds a frozen participant from parts that may come from anywhere; checks each of them.
 * @throws {GonkaConfigError} `address-invalid`, `url-invalid` or `config-invalid`, with `field`.
 * @example const participant = createParticipant({
 *   address: 'gonka1w508d6qejxtdg4y5r3zarvary0c5xw7k2gsyg6',
 *   inferenceUrl: 'https://node.example.com',
 * })
 * participant.baseUrl // 'https://node.example.com/v1' */
export function createParticipant(input: ParticipantInput): GonkaParticipant {
  const { weight = 1, models = [], validatorKey = '', epochId = 0 } = input
  const inferenceUrl = parseHttpUrl(input.inferenceUrl, 'inferenceUrl')
  if (!Number.isFinite(weight) || weight < 0 || weight > Number.MAX_SAFE_INTEGER) {
    throw invalid('weight', 'a number from 0 to 2^53 - 1')
  }
  if (!Number.isSafeInteger(epochId) || epochId < 0) throw invalid('epochId', 'a whole number >= 0')
  if (!Array.isArray(models) || !models.every(isText)) throw invalid('models', 'an array of model ids')
  if (!isText(validatorKey)) throw invalid('validatorKey', 'base64 text')
  return Object.freeze({
    address: parseAddress(input.address),
    inferenceUrl,
    weight,
    models: Object.freeze([...models]),
    validatorKey,
    epochId,
    baseUrl: inferenceUrl.endsWith('/v1') ? inferenceUrl : `${inferenceUrl}/v1`,
  })
}

/** Reads an explicit endpoint, `url;address`, as environment variables and configuration write it.
 * @param text - `https://node.example.com;gonka1…`.
 * @param field - Name of the input for error messages. @default 'endpoints'
 * @returns A participant of weight 1 without models and epoch.
 * @throws {GonkaConfigError} `endpoint-invalid` without exactly one `;`, `url-invalid`, `address-invalid`.
 * @example const participant = parseEndpoint('https://node.example.com;gonka1w508d6qejxtdg4y5r3zarvary0c5xw7k2gsyg6') */
export function parseEndpoint(text: string, field = 'endpoints'): GonkaParticipant {
  const parts = typeof text === 'string' ? text.split(';') : []
  const [url, address] = parts
  if (parts.length !== 2 || url === undefined || address === undefined) {
    throw new GonkaConfigError('endpoint-invalid', `${field} must be "url;address", two parts; got ${parts.length}.`, {
      field,
    })
  }
  return createParticipant({
    inferenceUrl: parseHttpUrl(url.trim(), field),
    address: parseAddress(address.trim(), field),
  })
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function invalid(field: string, expected: string): GonkaConfigError {
  return new GonkaConfigError('config-invalid', `${field} must be ${expected}.`, { field })
}
