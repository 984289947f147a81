import { inspect } from 'node:util'
import { isMultiplexerError, MultiplexerError } from '@multiplexer/core/errors'
import { describe, expect, it } from 'vitest'
import {
  GonkaClientError,
  GonkaConfigError,
  GonkaDiscoveryError,
  GonkaError,
  GonkaNoParticipantsError,
  GonkaProofVerificationError,
  GonkaRefreshError,
} from './errors.ts'

const cause = new Error('underneath')

const ERRORS: readonly (readonly [string, string, GonkaError, object])[] = [
  [
    'GonkaClientError',
    'key-invalid',
    new GonkaClientError('key-invalid', 'message', { participantAddress: 'gonka1', field: 'privateKey', cause }),
    { participantAddress: 'gonka1', field: 'privateKey' },
  ],
  [
    'GonkaConfigError',
    'config-invalid',
    new GonkaConfigError('config-invalid', 'message', { field: 'scheme', cause }),
    { field: 'scheme' },
  ],
  [
    'GonkaDiscoveryError',
    'discovery-failed',
    new GonkaDiscoveryError('discovery-failed', 'message', { sourceUrl: 'http://x', statusCode: 500, cause }),
    { sourceUrl: 'http://x', statusCode: 500 },
  ],
  [
    'GonkaNoParticipantsError',
    'no-participants',
    new GonkaNoParticipantsError('message', { epoch: 'current', sourceUrl: 'http://x' }),
    { epoch: 'current', sourceUrl: 'http://x' },
  ],
  [
    'GonkaProofVerificationError',
    'proof-malformed',
    new GonkaProofVerificationError('proof-malformed', 'message', {
      expectedHash: Uint8Array.of(1),
      computedHash: Uint8Array.of(2),
      proofType: 'iavl',
      cause,
    }),
    { expectedHash: Uint8Array.of(1), computedHash: Uint8Array.of(2), proofType: 'iavl' },
  ],
  [
    'GonkaRefreshError',
    'refresh-failed',
    new GonkaRefreshError('message', { lastSuccessfulEpoch: 7, cause }),
    { lastSuccessfulEpoch: 7 },
  ],
]

describe('the errors', () => {
  it.each(ERRORS)('%s has its name, its code %s and its fields', (...args) => {
    const [name, code, error, fields] = args
    expect(error).toMatchObject({ name, code, message: 'message', ...fields })
  })

  it.each(ERRORS)('%s is a GonkaError, a MultiplexerError and an Error', (_, __, error) => {
    for (const type of [GonkaError, MultiplexerError, Error]) expect(error).toBeInstanceOf(type)
    expect(isMultiplexerError(error)).toBe(true)
  })

  it.each(ERRORS)('%s is shown with its name, code, message and cause', (name, code, error) => {
    const shown = inspect(error)
    expect(shown).toMatch(new RegExp(`^${name}: message`))
    expect(shown).toContain(code)
    if (name !== 'GonkaNoParticipantsError') expect(shown).toContain('underneath')
  })

  it('have a cause only when given one', () => {
    expect(ERRORS.filter(([, , error]) => error.cause !== cause).map(([name]) => name)).toEqual([
      'GonkaNoParticipantsError',
    ])
    expect(new GonkaConfigError('config-invalid', 'message')).not.toHaveProperty('cause')
  })

  it('has fields for every detail, undefined when not given', () => {
    const bare = [
      new GonkaClientError('client-invalid', 'm'),
      new GonkaDiscoveryError('discovery-timeout', 'm'),
      new GonkaNoParticipantsError('m'),
      new GonkaProofVerificationError('root-mismatch', 'm'),
      new GonkaRefreshError('m'),
    ]
    expect(bare.map((error) => Object.keys(error).filter((key) => key !== 'name' && key !== 'code'))).toEqual([
      ['participantAddress', 'field'],
      ['sourceUrl', 'statusCode'],
      ['epoch', 'sourceUrl'],
      ['expectedHash', 'computedHash', 'proofType'],
      ['lastSuccessfulEpoch'],
    ])
  })
})
