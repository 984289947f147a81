import {
  createParticipant,
  GonkaConfigError,
  type GonkaParticipant,
  parseEndpoint,
  parseHttpUrl,
} from '@gonka/protocol'
import type { UncheckedOptions } from './config-options.ts'
import { invalidField } from './schemas.ts'

/** Checks the nodes that are asked for participants.
 * @returns URLs in the order they are asked, none twice.
 * @throws {GonkaConfigError} `url-invalid` or `config-invalid` with the field, as `sourceUrls[0]`. */
export function resolveSourceUrls({ sourceUrl, sourceUrls = [] }: UncheckedOptions): readonly string[] {
  if (!Array.isArray(sourceUrls)) throw invalidField('sourceUrls', 'a list of URLs', sourceUrls)
  const first = sourceUrl === undefined ? [] : [parseHttpUrl(sourceUrl as string, 'sourceUrl')]
  const more = sourceUrls.map((url: string, index) => parseHttpUrl(url, `sourceUrls[${index}]`))
  return Object.freeze([...new Set([...first, ...more])])
}

/** Checks the participants that are configured by hand.
 * @throws {GonkaConfigError} with the field, as `endpoints[0]`: `endpoint-invalid`, `url-invalid`, `address-invalid`,
 * `config-invalid`. */
export function resolveEndpoints({ endpoints = [] }: UncheckedOptions): readonly GonkaParticipant[] {
  if (!Array.isArray(endpoints)) throw invalidField('endpoints', 'a list of "url;address"', endpoints)
  const participants = endpoints.map((each: unknown, index) => resolveEndpoint(each, `endpoints[${index}]`))
  const addresses = participants.map(({ address }) => address)
  const repeated = addresses.find((address, index) => addresses.indexOf(address) !== index)
  if (repeated !== undefined) {
    throw new GonkaConfigError('endpoint-invalid', `endpoints must name ${repeated} once.`, { field: 'endpoints' })
  }
  return Object.freeze(participants)
}

/** Checks one participant that is configured by hand.
 * @param field - Where it stands, as `endpoints[0]`.
 * @throws {GonkaConfigError} as `resolveEndpoints`. */
export function resolveEndpoint(endpoint: unknown, field: string): GonkaParticipant {
  if (typeof endpoint !== 'object' || endpoint === null) return parseEndpoint(endpoint as string, field)
  try {
    return createParticipant(endpoint as GonkaParticipant)
  } catch (cause) {
    if (!(cause instanceof GonkaConfigError)) throw cause
    // Its messages begin with the field, which alone would be taken for an option of the same name.
    throw new GonkaConfigError(cause.code, `${field}.${cause.message}`, { field: `${field}.${cause.field}` })
  }
}
