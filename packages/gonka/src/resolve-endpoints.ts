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
 * @throws {GonkaConfigError} `url-invalid` or `config-invalid` with field `sourceUrl` or `sourceUrls`. */
export function resolveSourceUrls({ sourceUrl, sourceUrls = [] }: UncheckedOptions): readonly string[] {
  if (!Array.isArray(sourceUrls)) throw invalidField('sourceUrls', 'a list of URLs', sourceUrls)
  const first = sourceUrl === undefined ? [] : [parseHttpUrl(sourceUrl as string, 'sourceUrl')]
  const more = sourceUrls.map((url: string) => parseHttpUrl(url, 'sourceUrls'))
  return Object.freeze([...new Set([...first, ...more])])
}

/** Checks the participants that are configured by hand.
 * @throws {GonkaConfigError} field `endpoints`: `endpoint-invalid`, `url-invalid`, `address-invalid`, `config-invalid`. */
export function resolveEndpoints({ endpoints = [] }: UncheckedOptions): readonly GonkaParticipant[] {
  if (!Array.isArray(endpoints)) throw invalidField('endpoints', 'a list of "url;address"', endpoints)
  const participants = endpoints.map((each: string | GonkaParticipant) =>
    typeof each === 'object' && each !== null ? createParticipant(each) : parseEndpoint(each),
  )
  const addresses = participants.map(({ address }) => address)
  const repeated = addresses.find((address, index) => addresses.indexOf(address) !== index)
  if (repeated !== undefined) {
    throw new GonkaConfigError('endpoint-invalid', `endpoints must name ${repeated} once.`, { field: 'endpoints' })
  }
  return Object.freeze(participants)
}
