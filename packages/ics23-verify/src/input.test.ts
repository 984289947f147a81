import { inspect } from 'node:util'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { utf8 } from './fixtures/bytes.ts'
import { encodeExistence, encodeNonExistence } from './fixtures/encode-proof.ts'
import { expectRefusal } from './fixtures/expect-refusal.ts'
import { KEY, STATE, TREES, VALUE } from './fixtures/scene.ts'
import { verifyChained } from './verify-chained.ts'
import { verifyChainedAbsence } from './verify-chained-absence.ts'
import { verifyMembership } from './verify-membership.ts'
import { verifyNonMembership } from './verify-non-membership.ts'

type Verify = (options: never) => void

const MISSING = utf8('key-k')
const CALLS: readonly { verify: Verify; name: string; honest: Record<string, unknown> }[] = [
  {
    verify: verifyMembership as Verify,
    name: 'verifyMembership',
    honest: {
      proof: encodeExistence(TREES.iavl.prove(KEY)),
      root: TREES.iavl.root,
      key: KEY,
      value: VALUE,
      spec: 'iavl',
    },
  },
  {
    verify: verifyNonMembership as Verify,
    name: 'verifyNonMembership',
    honest: {
      proof: encodeNonExistence(TREES.simple.proveAbsence(MISSING)),
      root: TREES.simple.root,
      key: MISSING,
      spec: 'simple',
    },
  },
  {
    verify: verifyChained as Verify,
    name: 'verifyChained',
    honest: { ops: STATE.prove('bank', KEY), appHash: STATE.appHash, store: 'bank', key: KEY, value: VALUE },
  },
  {
    verify: verifyChainedAbsence as Verify,
    name: 'verifyChainedAbsence',
    honest: { ops: STATE.proveAbsence('bank', MISSING), appHash: STATE.appHash, store: 'bank', key: MISSING },
  },
]
const WRONG = [undefined, null, 1, true, 'ab'.repeat(16), [1, 2], {}, () => 1, 1n, new DataView(new ArrayBuffer(32))]
const STRINGS = ['spec', 'store']

describe.each(CALLS)('$name without types', ({ verify, honest }) => {
  const call = (options: unknown): (() => void) => {
    return () => verify(options as never)
  }

  it('accepts the honest call', () => {
    expect(call(honest)()).toBeUndefined()
  })

  it('refuses options that are none', () => {
    for (const options of WRONG) expectRefusal(call(options), 'proof-input-invalid')
  })

  it.each(Object.keys(honest))('refuses a wrong or missing %s by name', (name) => {
    const wrong = STRINGS.includes(name) ? [...WRONG.filter((value) => typeof value !== 'string'), utf8('iavl')] : WRONG
    for (const value of wrong.filter((candidate) => name !== 'ops' || !Array.isArray(candidate))) {
      const error = expectRefusal(call({ ...honest, [name]: value }), 'proof-input-invalid')
      expect(error.message).toContain(name)
    }
  })

  it('refuses an object that calls itself a Uint8Array', () => {
    expectRefusal(call({ ...honest, key: { [Symbol.toStringTag]: 'Uint8Array' } }), 'proof-input-invalid')
  })

  it('refuses a proxy and reads a detached array as an empty one', () => {
    const { key, ...rest } = honest as { key: Uint8Array }
    expectRefusal(call({ ...rest, key: new Proxy(key, {}) }), 'proof-input-invalid')
    const detached = key.slice()
    structuredClone(detached, { transfer: [detached.buffer] })
    expect(call({ ...rest, key: detached })).toThrow(expect.objectContaining({ name: 'GonkaProofVerificationError' }))
  })

  it('accepts a Uint8Array of another realm', () => {
    const { key, ...rest } = honest as { key: Uint8Array }
    const foreign: unknown = runInNewContext('Uint8Array.from(bytes)', { bytes: [...key] })
    expect(foreign).not.toBeInstanceOf(Uint8Array)
    expect(call({ ...rest, key: foreign })()).toBeUndefined()
  })
})

it('refuses a root that is not 32 bytes and a spec that is unknown', () => {
  const [membership, , chained] = CALLS.map(({ honest }) => honest)
  for (const length of [0, 20, 31, 33, 64]) {
    const root = new Uint8Array(length)
    expectRefusal(() => verifyMembership({ ...membership, root } as never), 'proof-input-invalid')
    expectRefusal(() => verifyChained({ ...chained, appHash: root } as never), 'proof-input-invalid')
  }
  for (const spec of ['smt', 'IAVL', 'tendermint', '__proto__', 'constructor', '']) {
    expectRefusal(() => verifyMembership({ ...membership, spec } as never), 'proof-input-invalid')
  }
})

it('refuses ops that are none, or have wrong parts', () => {
  const honest = CALLS[2]?.honest as { ops: Record<string, unknown>[] }
  const [iavl, simple] = honest.ops
  for (const value of WRONG) {
    expectRefusal(() => verifyChained({ ...honest, ops: [value, simple] } as never), 'proof-input-invalid')
    expectRefusal(() => verifyChained({ ...honest, ops: [iavl, value] } as never), 'proof-input-invalid')
    for (const part of ['key', 'data']) {
      const ops = [{ ...iavl, [part]: value }, simple]
      expectRefusal(() => verifyChained({ ...honest, ops } as never), 'proof-input-invalid')
    }
  }
  expectRefusal(
    () => verifyChained({ ...honest, ops: [{ ...iavl, type: undefined }, simple] } as never),
    'proof-input-invalid',
  )
})

it('shows no value in an error', () => {
  const secret = utf8('do-not-print-this-value')
  const hex = Buffer.from(secret).toString('hex')
  const options = { ...CALLS[0]?.honest, value: secret } as never
  const error = expectRefusal(() => verifyMembership(options), 'value-mismatch')
  for (const text of [error.message, inspect(error), JSON.stringify(error), String(error)]) {
    expect(text).not.toContain('do-not-print')
    expect(text).not.toContain(hex)
  }
})

it('keeps no buffer of the caller on an error, and cuts long keys', () => {
  const root = new Uint8Array(32)
  const error = expectRefusal(() => verifyMembership({ ...CALLS[0]?.honest, root } as never), 'root-mismatch')
  root.fill(1)
  expect(error.expectedHash).toEqual(new Uint8Array(32))
  const key = new Uint8Array(100_000).fill(7)
  const long = expectRefusal(() => verifyMembership({ ...CALLS[0]?.honest, key } as never), 'key-mismatch')
  expect(long.message.length).toBeLessThan(400)
  expect(long.message).toContain('(100000 bytes)')
})

it('shows keys of up to 48 bytes whole', () => {
  for (const [length, shown] of [
    [48, `${'07'.repeat(48)};`],
    [49, `${'07'.repeat(48)}… (49 bytes);`],
  ] as const) {
    const key = new Uint8Array(length).fill(7)
    const { message } = expectRefusal(() => verifyMembership({ ...CALLS[0]?.honest, key } as never), 'key-mismatch')
    expect(message).toContain(`the key ${shown}`)
  }
})

it.each([
  [null, 'null'],
  [[1], 'an array'],
  [{}, 'object'],
])('names the kind of %j', (key, kind) => {
  const options = { ...CALLS[0]?.honest, key } as never
  const { message } = expectRefusal(() => verifyMembership(options), 'proof-input-invalid')
  expect(message).toContain(`key as a Uint8Array; got ${kind}.`)
})
