import { existsSync, readFileSync } from 'node:fs'
import { GonkaError } from '@gonka/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { address, participant, toShapeA, toShapeB } from './fixtures/bundles.ts'
import { createDiscoveryOf, rejectionOf } from './fixtures/discover.ts'

const SAMPLE = new URL('../../../../shared/vectors/gonka/docs-epoch1-participants.json', import.meta.url)

const EPOCH = { epochId: 7, participants: [participant(1), participant(2)], excluded: [address(9)] }

async function read(answer: unknown): Promise<unknown> {
  const { discovery } = createDiscoveryOf(answer)
  const { epochId, participants, rejected } = await discovery.discover()
  return { epochId, participants, rejected }
}

describe('dialects', () => {
  test('a mixture, in either direction, reads the same', async () => {
    const [a, b] = [toShapeA(EPOCH), toShapeB(EPOCH)]
    const expected = await read(a)
    expect(await read({ ...a, block: b.block, validators: b.validators })).toEqual(expected)
    expect(await read({ ...b, block: a.block, validators: a.validators })).toEqual(expected)
    const active = { ...(a.active_participants as object), epoch_id: '7', epoch_group_id: 'x' }
    expect(await read({ ...b, active_participants: active })).toEqual(expected)
  })

  test('any set reads to the same participants from shape A and shape B', async () => {
    // fc.webUrl() takes longer than everything else here.
    const url = fc.nat(65_535).map((port) => `http://node${port}.example:${port}/path`)
    const participants = fc.array(
      fc.record({
        address: fc.integer({ min: 0, max: 255 }).map(address),
        inferenceUrl: fc.oneof(url, fc.string(), fc.constantFrom('http://8.8.8.8:1', 'http://10.0.0.1', 'nothing')),
        weight: fc.oneof(fc.nat(), fc.constant(0), fc.maxSafeInteger()),
        models: fc.array(fc.string(), { maxLength: 3 }),
      }),
      { minLength: 1, maxLength: 6 },
    )
    const excluded = fc.array(fc.integer({ min: 0, max: 255 }).map(address), { maxLength: 2 })
    const epochId = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER - 5 })
    await fc.assert(
      fc.asyncProperty(fc.record({ epochId, participants, excluded }), async (epoch) => {
        const outcome = (answer: unknown): Promise<unknown> =>
          read(answer).catch((error: Error) => ({ name: error.name, message: error.message }))
        expect(await outcome(toShapeB(epoch))).toEqual(await outcome(toShapeA(epoch)))
      }),
    )
  })
})

describe('early networks', () => {
  const early = {
    active_participants: {
      participants: [{ index: address(1), weight: 10, inference_url: 'http://8.8.8.8', seed: { block_height: 9 } }],
      epoch_group_id: 3,
    },
    block: [{ header: { height: 15 } }],
  }

  test('the group id stands in for the current epoch', async () => {
    expect(await read(early)).toMatchObject({ epochId: 3, participants: [{ epochId: 3 }], rejected: [] })
  })

  test('the number that was asked for stands in for the epoch', async () => {
    const { discovery } = createDiscoveryOf(early)
    expect(await discovery.discoverForEpoch(8)).toMatchObject({ epochId: 8, participants: [{ epochId: 8 }] })
  })

  test.skipIf(!existsSync(SAMPLE))('the published sample of April 2025 is read', async () => {
    const sample = JSON.parse(readFileSync(SAMPLE, 'utf8')) as { response: unknown }
    const { discovery } = createDiscoveryOf(sample.response, { allowPrivateHosts: true })
    const error = await rejectionOf(discovery.discoverForEpoch(1))
    expect(error.message).toContain('1 refused: not a gonka1… address')
    expect(await discovery.getCurrentEpoch()).toBe(1)
  })
})

describe('any answer', () => {
  const isCoded = (error: unknown): boolean => error instanceof GonkaError && /^[a-z-]+$/.test(error.code)

  async function expectCodedOrResult(answer: unknown): Promise<void> {
    for (const epoch of ['current', 7]) {
      try {
        const { participants } = await createDiscoveryOf(answer).discovery.discoverForEpoch(epoch)
        expect(participants.length).toBeGreaterThan(0)
      } catch (error) {
        expect(isCoded(error), String(error)).toBe(true)
      }
    }
  }

  test('of any JSON gives a result or an error with a code', async () => {
    await fc.assert(fc.asyncProperty(fc.jsonValue(), expectCodedOrResult))
  })

  test('with any part of a good list replaced gives a result or an error with a code', async () => {
    const paths = pathsOf(toShapeA(EPOCH))
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), fc.jsonValue(), async (path, value) => {
        await expectCodedOrResult(replaceAt(toShapeA(EPOCH), path, value))
      }),
    )
  })

  test('of any text gives an error with a code', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        const fetch = async (): Promise<Response> => new Response(bytes as Uint8Array<ArrayBuffer>)
        const { discovery } = createDiscoveryOf(null, { fetch })
        expect(isCoded(await rejectionOf(discovery.discover()))).toBe(true)
      }),
    )
  })
})

type Path = readonly (string | number)[]

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  const keys = Array.isArray(value) ? value.map((_item, index) => index) : Object.keys(value)
  return [path, ...keys.flatMap((key) => pathsOf((value as Record<string | number, unknown>)[key], [...path, key]))]
}

function replaceAt(target: unknown, [key, ...rest]: Path, value: unknown): unknown {
  if (key === undefined) return value
  const copy = structuredClone(target) as Record<string | number, unknown>
  copy[key] = replaceAt(copy[key], rest, value)
  return copy
}
