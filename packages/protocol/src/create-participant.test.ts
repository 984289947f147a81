import { describe, expect, it } from 'vitest'
import { createParticipant, type ParticipantInput, parseEndpoint } from './create-participant.ts'

const ADDRESS = 'gonka1w508d6qejxtdg4y5r3zarvary0c5xw7k2gsyg6'
const INPUT: ParticipantInput = { address: ADDRESS, inferenceUrl: 'https://node.example.com' }

describe('createParticipant', () => {
  it('has defaults for all but address and URL', () => {
    expect(createParticipant(INPUT)).toEqual({
      address: ADDRESS,
      inferenceUrl: 'https://node.example.com',
      weight: 1,
      models: [],
      validatorKey: '',
      epochId: 0,
      baseUrl: 'https://node.example.com/v1',
    })
  })

  it('keeps what it is given', () => {
    const given = { weight: 0, models: ['sim/model-a'], validatorKey: 'dyQG', epochId: 7 }
    expect(createParticipant({ ...INPUT, ...given })).toMatchObject(given)
  })

  it.each([
    ['http://node1.example:8000/', 'http://node1.example:8000/v1'],
    ['http://node1.example/api', 'http://node1.example/api/v1'],
    ['http://node1.example/v1/', 'http://node1.example/v1'],
  ])('finds the API of %s at %s', (inferenceUrl, baseUrl) => {
    expect(createParticipant({ ...INPUT, inferenceUrl }).baseUrl).toBe(baseUrl)
  })

  it('cannot be changed, not even through the array it was made from', () => {
    const models = ['sim/model-a']
    const participant = createParticipant({ ...INPUT, models })
    models.push('sim/model-b')
    expect(participant.models).toEqual(['sim/model-a'])
    expect(Object.isFrozen(participant) && Object.isFrozen(participant.models)).toBe(true)
  })

  it.each<[string, string, object]>([
    ['address', 'address-invalid', { address: 'gonka1' }],
    ['inferenceUrl', 'url-invalid', { inferenceUrl: 'node.example.com' }],
    ['weight', 'config-invalid', { weight: -1 }],
    ['weight', 'config-invalid', { weight: Number.NaN }],
    ['weight', 'config-invalid', { weight: Number.POSITIVE_INFINITY }],
    ['weight', 'config-invalid', { weight: 2 ** 53 }],
    ['weight', 'config-invalid', { weight: '5' }],
    ['epochId', 'config-invalid', { epochId: -1 }],
    ['epochId', 'config-invalid', { epochId: 1.5 }],
    ['epochId', 'config-invalid', { epochId: '7' }],
    ['models', 'config-invalid', { models: 'sim/model-a' }],
    ['models', 'config-invalid', { models: [7] }],
    ['validatorKey', 'config-invalid', { validatorKey: 7 }],
  ])('refuses a bad %s with %s: %j', (field, code, change) => {
    expect(() => createParticipant({ ...INPUT, ...change })).toThrow(
      expect.objectContaining({ name: 'GonkaConfigError', field, code }),
    )
  })
})

describe('parseEndpoint', () => {
  it.each([`https://node.example.com;${ADDRESS}`, `  https://node.example.com/ ; ${ADDRESS}  `])(
    'reads "%s"',
    (text) => {
      expect(parseEndpoint(text)).toEqual(createParticipant(INPUT))
    },
  )

  it.each([
    ['', 'endpoint-invalid', /two parts; got 1/],
    ['https://node.example.com', 'endpoint-invalid', /two parts; got 1/],
    [`https://node.example.com;${ADDRESS};100`, 'endpoint-invalid', /two parts; got 3/],
    [undefined as unknown as string, 'endpoint-invalid', /two parts; got 0/],
    [`;${ADDRESS}`, 'url-invalid', /./],
    [`http://u:hunter2@h;${ADDRESS}`, 'url-invalid', /./],
    ['https://node.example.com;', 'address-invalid', /./],
    ['https://node.example.com;cosmos1waj8q9g2ekgardafc6plg77rgu2l3vfrclrm4v', 'address-invalid', /cosmos/],
  ])('refuses "%s" with %s and names the input', (text, code, message) => {
    expect(() => parseEndpoint(text, 'endpoints[3]')).toThrow(
      expect.objectContaining({ code, field: 'endpoints[3]', message: expect.stringMatching(message) }),
    )
    expect(() => parseEndpoint(text)).toThrow(
      expect.objectContaining({ field: 'endpoints', message: expect.not.stringContaining('hunter2') }),
    )
  })
})
