import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { EndpointDiscovery } from '@gonka/discovery'
import {
  createParticipant,
  GonkaClientError,
  GonkaConfigError,
  GonkaDiscoveryError,
  GonkaError,
  GonkaNoParticipantsError,
  GonkaProofVerificationError,
  GonkaRefreshError,
} from '@gonka/protocol'
import { GonkaClientFactory } from '@gonka/signer/openai'
import { describe, expect, test } from 'vitest'
import { findDefaults } from './fixtures/find-defaults.ts'
import {
  ADDRESS,
  createManager,
  createPool,
  createRegistrar,
  ENDPOINT,
  KEY,
  NODE_URL,
  participant,
} from './fixtures/offline-parts.ts'
import { PYTHON_NAMES } from './fixtures/python-names.ts'
import { LABELS, label, PAGE, ROWS, rowsOf } from './fixtures/python-page.ts'
import { GonkaConfig, registerGonkaModels } from './index.ts'

const NO_TEST = '–'

/** Rows of the page without a counterpart. The list must not grow unnoticed. */
const NONE_ON_PURPOSE = [
  'GonkaClientFactory: ImportError',
  'RefreshManager: multiplexer',
  'RefreshManager: discovery',
  'RefreshManager: registrar',
  'RefreshManager: RuntimeError',
]

describe('the page', () => {
  test('names everything that the Python module documents, and nothing twice', () => {
    const seen: Record<string, string[]> = {}
    for (const { section, kind, python } of ROWS) {
      const key = `${section} ${kind}`
      seen[key] = [...(seen[key] ?? []), python]
    }
    const sorted = (names: Readonly<Record<string, readonly string[]>>) =>
      Object.fromEntries(Object.entries(names).map(([key, list]) => [key, [...list].sort()]))
    expect(sorted(seen)).toEqual(sorted(PYTHON_NAMES))
  })

  test('says of nothing else that it has no counterpart', () => {
    expect(ROWS.filter(({ typescript }) => typescript === NO_TEST).map(label)).toEqual(NONE_ON_PURPOSE)
    const silent = ROWS.filter(({ name, kind, cells }) => !name && kind !== 'page' && !cells['what differs'])
    expect(silent.map(label)).toEqual([])
  })

  test('links each row to a test file that speaks of what the row names', () => {
    const wrong = ROWS.filter(({ name, cells, typescript }) => {
      const target = LABELS.get(/^\[(.+)\]$/.exec(cells.test ?? '')?.[1] ?? '')
      if (target === undefined) return !(cells.test === NO_TEST && typescript === NO_TEST)
      const path = fileURLToPath(new URL(target, PAGE))
      const identifier = new RegExp(`\\b${name?.split('.').at(-1) ?? ''}\\b`)
      return !path.endsWith('.test.ts') || !existsSync(path) || !identifier.test(readFileSync(path, 'utf8'))
    })
    expect(wrong.map((row) => `${label(row)} ${row.cells.test}`)).toEqual([])
  })
})

describe('exports', () => {
  const packages: Record<string, () => Promise<object>> = {
    '@gonka/discovery': () => import('@gonka/discovery'),
    '@gonka/protocol': () => import('@gonka/protocol'),
    '@gonka/refresh': () => import('@gonka/refresh'),
    '@gonka/registrar': () => import('@gonka/registrar'),
    '@gonka/signer/openai': () => import('@gonka/signer/openai'),
    '@multiplexer/core': () => import('@multiplexer/core'),
    '@multiplexer/gonka': () => import('./index.ts'),
  }
  const rows = rowsOf('Exports', 'Python').filter(({ typescript }) => !typescript.startsWith('type '))

  test.each(rows)('$python is $typescript', async ({ name, cells }) => {
    const load = packages[cells.package?.replaceAll('`', '') ?? '']
    expect(await load?.()).toHaveProperty(name ?? '', expect.any(Function))
  })

  test('are those of @multiplexer/gonka, except three', async () => {
    const main = await import('./index.ts')
    const missing = rows.filter(({ name = '' }) => !(name in main)).map(({ name }) => name)
    expect(missing).toEqual(['Multiplexer', 'GonkaClientFactory', 'MultiplexerError'])
  })

  test('hold every error that a row says is thrown', async () => {
    const main = await import('./index.ts')
    const names = ROWS.filter(({ kind, name }) => kind === 'raises' && name).map(({ name }) => name ?? '')
    for (const name of names) expect(main).toHaveProperty(name)
  })
})

describe('members', () => {
  const cause = new Error('underneath')
  const errors = {
    GonkaError: new GonkaError('config-invalid', 'm', { cause }),
    GonkaClientError: new GonkaClientError('client-invalid', 'm', { cause }),
    GonkaConfigError: new GonkaConfigError('config-invalid', 'm', { cause }),
    GonkaDiscoveryError: new GonkaDiscoveryError('discovery-failed', 'm', { cause }),
    GonkaNoParticipantsError: new GonkaNoParticipantsError('m'),
    GonkaProofVerificationError: new GonkaProofVerificationError('root-mismatch', 'm', { cause }),
    GonkaRefreshError: new GonkaRefreshError('m', { cause }),
  }

  async function createSubjects(): Promise<Record<string, object>> {
    return {
      GonkaConfig: new GonkaConfig({ privateKey: KEY, endpoints: [ENDPOINT] }, { env: {} }),
      GonkaRegistrationResult: await registerGonkaModels(createPool(), {
        privateKey: KEY,
        endpoints: [ENDPOINT],
        env: {},
      }),
      GonkaParticipant: participant,
      RefreshResult: await createManager().refreshNow(),
      EndpointDiscovery: new EndpointDiscovery({ sourceUrl: NODE_URL }),
      GonkaClientFactory: new GonkaClientFactory(KEY),
      ModelRegistrar: createRegistrar(),
      RefreshManager: createManager(),
    }
  }

  test('are all there', async () => {
    const subjects = await createSubjects()
    for (const [section, subject] of Object.entries(subjects)) {
      const rows = rowsOf(section, 'attribute', 'property', 'method')
      const missing = rows.filter(({ name = '', kind }) =>
        kind === 'method' ? typeof Reflect.get(subject, name) !== 'function' : !(name in subject),
      )
      // The key becomes a signer at once; there is nothing to read.
      expect(missing.map(label), section).toEqual(section === 'GonkaConfig' ? ['GonkaConfig: private_key'] : [])
    }
  })

  test('of a discovery say what it was made with', () => {
    const discovery = new EndpointDiscovery({ sourceUrl: NODE_URL, verifyProofs: false, timeoutMs: 5 })
    expect(discovery).toMatchObject({ sourceUrl: NODE_URL, verifyProofs: false, timeoutMs: 5 })
  })

  test('of errors are all there', () => {
    for (const { name = '' } of rowsOf('Exceptions', 'attribute')) {
      const [type = '', field = ''] = name.split('.')
      expect(errors, name).toHaveProperty(type)
      expect(field in errors[type as keyof typeof errors], name).toBe(true)
    }
  })
})

describe('defaults are the documented ones', () => {
  test('of every row that has one', async () => {
    const actual = await findDefaults()
    const documented = ROWS.filter(({ cells }) => cells.default?.startsWith('`')).filter(
      // To give no config and no epoch is what other tests of this page do.
      (row) =>
        !['register_gonka_models: config', 'ModelRegistrar: get_registered_models(epoch_id)'].includes(label(row)),
    )
    expect(documented.length).toBeGreaterThan(25)
    for (const row of documented) {
      const key = `${row.section}.${row.name}`
      expect(Object.keys(actual), label(row)).toContain(key)
      expect(row.cells.default, label(row)).toBe(`\`${show(actual[key])}\``)
    }
  })

  test('of a registration, which are those of the config', async () => {
    const same = rowsOf('register_gonka_models', 'parameter').filter(
      ({ cells }) => cells.default === 'as `GonkaConfig`',
    )
    const fields = rowsOf('GonkaConfig', 'attribute').map(({ name }) => name)
    expect(same.map(({ name }) => name).sort()).toEqual(fields.sort())
    const pool = createPool()
    const { refreshManager } = await registerGonkaModels(pool, { privateKey: KEY, endpoints: [ENDPOINT], env: {} })
    expect(pool.added).toMatchObject([{ modelName: `gonka:${ADDRESS}`, tier: 0, maxConcurrent: undefined }])
    expect(refreshManager).toBeUndefined()
  })

  test.each([
    ['privateKey', () => new GonkaConfig({ sourceUrl: NODE_URL }, { env: {} })],
    ['sourceUrl', () => new GonkaConfig({ privateKey: KEY }, { env: {} })],
    ['address', () => createParticipant({ inferenceUrl: NODE_URL } as never)],
    ['inferenceUrl', () => createParticipant({ address: ADDRESS } as never)],
    ['sourceUrls', () => new EndpointDiscovery()],
    ['privateKeyOrSigner', () => new GonkaClientFactory(undefined as never)],
  ])('%s is required', (field, call) => {
    expect(call).toThrow(expect.objectContaining({ field }))
  })

  test.each([
    ['a key that is too short', { privateKey: 'ab' }, 'privateKey'],
    ['a source that is no HTTP URL', { sourceUrl: 'ftp://node1.example' }, 'sourceUrl'],
    ['an endpoint without an address', { endpoints: [NODE_URL] }, 'endpoints[0]'],
    ['an interval of 0', { refreshIntervalMs: 0 }, 'refreshIntervalMs'],
    ['an empty prefix', { modelNamePrefix: '' }, 'modelNamePrefix'],
  ])('%s is refused', (_, options, field) => {
    const call = () => new GonkaConfig({ privateKey: KEY, sourceUrl: NODE_URL, ...options }, { env: {} })
    expect(call).toThrow(expect.objectContaining({ field }))
  })
})

/** A value as the page writes it. */
function show(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`
  if (typeof value === 'number') return String(value).replace(/\B(?=(\d{3})+$)/g, '_')
  return Array.isArray(value) ? JSON.stringify(value) : String(value)
}
