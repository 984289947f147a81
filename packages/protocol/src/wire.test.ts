import { expect, it } from 'vitest'
import { HEADERS, NODE_ONLY_HEADERS, PATHS } from './wire.ts'

it('has the paths of a node', () => {
  expect(PATHS.participants('current')).toBe('/v1/epochs/current/participants')
  expect(PATHS.participants('7')).toBe('/v1/epochs/7/participants')
  expect(PATHS.account('gonka1x')).toBe('/v1/participants/gonka1x')
  expect(Object.values(PATHS).filter((path) => typeof path === 'string')).toEqual([
    '/v1/chat/completions',
    '/v1/completions',
    '/v1/models',
    '/v1/identity',
    '/v1/status',
    '/chain-api/productscience/inference/inference/params',
    '/chain-rpc/status',
  ])
})

it('does not let an argument leave its place in a path', () => {
  expect(PATHS.participants('../../admin?x=1')).toBe('/v1/epochs/..%2F..%2Fadmin%3Fx%3D1/participants')
  expect(PATHS.account('a/b#c')).toBe('/v1/participants/a%2Fb%23c')
})

it('names the headers of a signed request, and none of them is for nodes only', () => {
  expect(HEADERS).toEqual({
    authorization: 'Authorization',
    requesterAddress: 'X-Requester-Address',
    timestamp: 'X-Timestamp',
  })
  const sent = Object.values(HEADERS).map((name) => name.toLowerCase())
  expect(NODE_ONLY_HEADERS.filter((name) => sent.includes(name) || name !== name.toLowerCase())).toEqual([])
})
