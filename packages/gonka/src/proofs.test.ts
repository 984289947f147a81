import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Devnet, type DevnetOptions, LIES, type LieKind, startDevnet, type TrustAnchor } from '@gonka/devnet'
import { Router } from '@multiplexer/core/router'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createFileTrustStore, type Trust } from './index.ts'
import { registerGonkaModels } from './register-gonka-models.ts'
import type { GonkaRegistrationResult, RegisterGonkaModelsOptions } from './types.ts'

const DAY_MS = 86_400_000

/** A network in its second epoch, a day after the first, with other validators; and a header of the first. */
async function startSecondEpoch(
  options: DevnetOptions = {},
): Promise<{ devnet: Devnet; past: TrustAnchor; clock: Clock }> {
  const clock = { ms: Date.now() }
  const devnet = await startDevnet({
    participants: [{ weight: 50 }, { weight: 30 }, { weight: 20 }],
    seed: 'proofs',
    blockTimeMs: 0,
    now: () => clock.ms,
    ...options,
  })
  onTestFinished(() => devnet.stop())
  const past = devnet.trustAnchor()
  clock.ms += DAY_MS
  await devnet.nextEpoch({ join: [{ weight: 40 }], leave: [2] })
  clock.ms += 2 * 3_600_000
  return { devnet, past, clock }
}

interface Clock {
  ms: number
}

function optionsOf(devnet: Devnet, clock: Clock, trust: Trust): RegisterGonkaModelsOptions {
  return {
    sourceUrl: devnet.url,
    privateKey: devnet.account.privateKey,
    chainId: devnet.chainId,
    trust,
    verifyProofs: true,
    allowPrivateHosts: true,
    discovery: { retryCount: 0 },
    env: {},
    now: () => clock.ms,
  }
}

async function register(router: Router, options: RegisterGonkaModelsOptions): Promise<GonkaRegistrationResult> {
  const result = await registerGonkaModels(router, options)
  onTestFinished(() => result.refreshManager?.stop())
  return result
}

async function rejectionOf(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    () => expect.unreachable('expected a refusal'),
    (error: Error) => error,
  )
}

const membersOf = (router: Router): string[] => Object.keys(router.getStats().members).sort()

const membersIn = ({ nodes }: Devnet): string[] =>
  nodes.flatMap(({ address, inEpoch }) => (inEpoch ? [`gonka:${address}`] : [])).sort()

const TRUSTS: [string, (devnet: Devnet, past: TrustAnchor) => Trust][] = [
  ['anchored', (_devnet, past) => past],
  ['agreed', ({ urls }) => ({ witnesses: urls.slice(1), quorum: 2 })],
  ['first-use', () => 'first-use'],
]

describe.each(TRUSTS)('on the trust %s', (name, create) => {
  test('an honest network is registered and followed over an epoch with other validators', async () => {
    const { devnet, past, clock } = await startSecondEpoch()
    const router = new Router()
    const { trust, provenBy, refreshManager } = await register(router, optionsOf(devnet, clock, create(devnet, past)))
    expect([trust, provenBy?.hash]).toEqual([name, devnet.trustAnchor().hash.toLowerCase()])
    expect(membersOf(router)).toEqual(membersIn(devnet))
    clock.ms += DAY_MS - 3_600_000
    await devnet.nextEpoch({ join: [{ weight: 60 }], leave: [1] })
    expect(await refreshManager?.refreshNow()).toMatchObject({ success: true, newEpoch: devnet.epochId })
    expect(membersOf(router)).toEqual(membersIn(devnet))
  })

  test.each(LIES)('a source that turns liar changes nobody: $kind', async ({ kind }) => {
    const { devnet, past, clock } = await startSecondEpoch()
    const router = new Router()
    const { refreshManager } = await register(router, optionsOf(devnet, clock, create(devnet, past)))
    const before = membersOf(router)
    await devnet.nextEpoch({ join: 1 })
    devnet.node(0).lie(kind)
    const result = await refreshManager?.refreshNow()
    expect(result?.error?.cause).toMatchObject({ code: codeOf(kind, name) })
    expect(membersOf(router)).toEqual(before)
  })
})

/** What each lie is refused for. */
const CODES: Readonly<Record<LieKind, string>> = {
  'wrong-epoch-key': 'op-key-mismatch',
  'wrong-store': 'key-mismatch',
  'json-differs': 'value-mismatch',
  'bytes-differ': 'value-mismatch',
  'invented-validators': 'validators-hash-mismatch',
  'below-two-thirds': 'not-enough-power',
  'nil-votes': 'not-enough-power',
  'other-chain-id': 'chain-id-mismatch',
  'forged-app-hash': 'header-hash-mismatch',
  'truncated-validators': 'validators-hash-mismatch',
  'stale-epoch': 'epoch-stale',
  'dragonberry-membership': 'leaf-prefix-wrong',
  'dragonberry-absence': 'discovery-failed',
}

/** Validators that nobody elected sign well; it is the witnesses who do not know their header. */
function codeOf(kind: LieKind, trust: string): string {
  return kind === 'invented-validators' && trust === 'agreed' ? 'witness-conflict' : CODES[kind]
}

describe('a first and only source that lies registers nobody', () => {
  test.each(LIES)('$kind', async ({ kind }) => {
    const { devnet, past, clock } = await startSecondEpoch()
    devnet.node(0).lie(kind)
    const router = new Router()
    const error = await rejectionOf(registerGonkaModels(router, optionsOf(devnet, clock, past)))
    expect(error).toMatchObject({ code: CODES[kind] })
    expect(error.message).toContain(devnet.url)
    expect(membersOf(router)).toEqual([])
  })
})

describe('a lying source before an honest one', () => {
  test.each(LIES)('is passed over: $kind', async ({ kind }) => {
    const { devnet, past, clock } = await startSecondEpoch()
    devnet.node(0).lie(kind)
    const router = new Router()
    const options = { ...optionsOf(devnet, clock, past), sourceUrl: undefined, sourceUrls: devnet.urls }
    expect(await register(router, options)).toMatchObject({ trust: 'anchored', epochId: devnet.epochId })
    expect(membersOf(router)).toEqual(membersIn(devnet))
  })
})

test('witnesses that contradict each other end the registration', async () => {
  const { devnet, clock } = await startSecondEpoch()
  devnet.node(1).lie('invented-validators')
  const router = new Router()
  const options = optionsOf(devnet, clock, { witnesses: devnet.urls, quorum: 1 })
  const error = await rejectionOf(registerGonkaModels(router, { ...options, sourceUrls: devnet.urls }))
  expect(error).toMatchObject({ name: 'GonkaProofVerificationError', code: 'witness-conflict' })
  expect(error.message).toContain(devnet.node(1).url)
  expect(membersOf(router)).toEqual([])
})

describe('what was pinned at first use', () => {
  async function pin(): Promise<{ devnet: Devnet; clock: Clock; path: string; options: RegisterGonkaModelsOptions }> {
    const folder = await mkdtemp(join(tmpdir(), 'gonka-pin-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    const path = join(folder, 'trust.json')
    const { devnet, clock } = await startSecondEpoch()
    const options = { ...optionsOf(devnet, clock, 'first-use'), trustStore: createFileTrustStore(path) }
    await register(new Router(), options)
    return { devnet, clock, path, options }
  }

  test('survives a restart and is continued from', async () => {
    const { devnet, clock, path, options } = await pin()
    const before = await readFile(path, 'utf8')
    clock.ms += DAY_MS - 3 * 3_600_000
    await devnet.nextEpoch({ join: 1, leave: [0] })
    const trustStore = createFileTrustStore(path)
    const result = await register(new Router(), { ...options, sourceUrl: devnet.url, trustStore })
    expect(result).toMatchObject({ epochId: devnet.epochId, trust: 'first-use' })
    expect(await readFile(path, 'utf8')).not.toBe(before)
  })

  test.each([0, 1, 2])('refuses another chain of the same id that is %i epochs ahead', async (turns) => {
    const { clock, path, options } = await pin()
    const { devnet: other } = await startSecondEpoch({ seed: 'impostor' })
    for (let turn = 0; turn < turns; turn++) await other.nextEpoch({ join: 1 })
    const before = await readFile(path, 'utf8')
    const router = new Router()
    clock.ms += 3_600_000
    const trustStore = createFileTrustStore(path)
    const error = await rejectionOf(registerGonkaModels(router, { ...options, sourceUrl: other.url, trustStore }))
    expect(error).toMatchObject({ name: 'GonkaProofVerificationError' })
    expect(membersOf(router)).toEqual([])
    expect(await readFile(path, 'utf8')).toBe(before)
  })

  test('refuses everything while its file is damaged, and pins nothing new', async () => {
    const { path, options } = await pin()
    await writeFile(path, (await readFile(path, 'utf8')).slice(0, 200))
    const error = await rejectionOf(registerGonkaModels(new Router(), options))
    expect(error).toMatchObject({ name: 'GonkaConfigError', code: 'trust-store-invalid', field: 'trustStore' })
    expect(await readFile(path, 'utf8')).toHaveLength(200)
  })
})
