import { GonkaConfigError } from '@gonka/protocol'
import { type ParticipantArchive, RefreshManager } from '@gonka/refresh'
import { createSigningClientFactory, ModelRegistrar, type ParticipantClientFactory } from '@gonka/registrar'
import { type Clock, createChainClock } from '@gonka/signer'
import type { FetchLike, MemberPool } from '@multiplexer/core/router'
import { askTogether } from './ask-together.ts'
import { addBrokers, planBrokers } from './brokers/register-brokers.ts'
import { type GonkaConfigOptions, mergeOptions } from './config-options.ts'
import { containLogger } from './contain-logger.ts'
import { createNetworkSource, type NetworkSource } from './create-network-source.ts'
import { Endpoints } from './endpoints.ts'
import type { ModelsRequest } from './fetch-model-list.ts'
import { type FirstSet, findFirstSet } from './find-first-set.ts'
import { GonkaConfig } from './gonka-config.ts'
import { classifyParticipantAttempt, refuseMadeUpModel } from './refuse-made-up-model.ts'
import { invalidField } from './schemas.ts'
import { createArchive } from './stored-network.ts'
import type { GonkaRegistrationResult, RegisterGonkaModelsOptions } from './types.ts'

/** Finds the participants of a Gonka network, makes them and the configured brokers members of a multiplexer, and keeps the
 * participants current. When it fails, it leaves nothing behind.
 * @param pool - A `Multiplexer` or `Router`. Several networks fit into one, under different prefixes.
 * @param options - Settings and ports; see also `GonkaConfigOptions`.
 * @throws {GonkaConfigError} with `field`, when a setting is missing or malformed.
 * @throws {GonkaDiscoveryError} when no source gives a usable answer, nothing usable is stored, and there are neither endpoints
 * nor brokers.
 * @throws {GonkaProofVerificationError} when lists must be proven and a list is not; neither a stored list nor anybody else stands
 * in for one that is a lie.
 * @throws {GonkaNoParticipantsError} when the network has nobody to send requests to, and there are neither endpoints nor brokers.
 * @throws {GonkaClientError} `client-invalid` when nobody could be registered, as when the prefix is in use, or a broker's name is.
 * @throws The signal's reason when it is aborted.
 * @example
 * const { modelsRegistered, refreshManager } = await registerGonkaModels(mux, {
 *   sourceUrl: 'http://node1.example:8000',
 *   privateKey: '00'.repeat(31) + '01',
 * })
 * await refreshManager?.stop()
 * await registerGonkaModels(mux, { brokers: [{ url: 'https://api.broker.example/v1', apiKey: '…' }] }) */
export async function registerGonkaModels(
  pool: MemberPool,
  options: RegisterGonkaModelsOptions = {},
): Promise<GonkaRegistrationResult> {
  return register(pool, { ...options, logger: containLogger(options.logger) })
}

async function register(pool: MemberPool, options: RegisterGonkaModelsOptions): Promise<GonkaRegistrationResult> {
  const { signal, logger, now } = options
  signal?.throwIfAborted()
  const config = resolveConfig(options)
  const parts = createParts(config, options)
  const registrar = createRegistrar(config, options)
  const [{ network, ...first }, plans] = await askTogether(signal, (inner) => [
    findFirstSet({ ...parts, hasOthers: hasOthers(config), logger, signal: inner }),
    planBrokers(config.brokers, { ...parts.request, signal: inner }),
  ])
  signal?.throwIfAborted()
  const sink = registrar.sinkFor(pool, { asFallback: config.registerAsFallback })
  const refreshManager = createRefreshManager({ ...parts, config, sink, first: { network, ...first } }, options)
  const brokers = addBrokers(pool, plans, { config, request: parts.request, now })
  try {
    sink.reconcile(first)
    refreshManager?.start()
  } catch (error) {
    registrar.unregisterAll(pool)
    for (const { name } of brokers) pool.removeModel(name)
    throw error
  }
  const modelsRegistered = registrar.getRegisteredModels().size + brokers.length
  return { ...first, modelsRegistered, brokers, refreshManager, requesterAddress: config.requesterAddress, registrar }
}

function resolveConfig({ config = {}, env, ...own }: RegisterGonkaModelsOptions): GonkaConfig {
  return new GonkaConfig(mergeOptions(own, config) as GonkaConfigOptions, { env })
}

interface Parts {
  readonly source: NetworkSource | undefined
  readonly archive: ParticipantArchive | undefined
  readonly endpoints: Endpoints
  readonly request: ModelsRequest
  readonly startTimeoutMs: number
}

function createParts(config: GonkaConfig, options: RegisterGonkaModelsOptions): Parts {
  const { fetch, logger, now, random, sleep, discovery = {}, startTimeoutMs = 10_000 } = options
  checkTimeoutMs('startTimeoutMs', startTimeoutMs)
  checkTimeoutMs('timeoutMs', discovery.timeoutMs)
  const request = { fetch, logger, timeoutMs: discovery.timeoutMs }
  const endpoints = new Endpoints(config.endpoints, request)
  const source = createNetworkSource(config, { ...discovery, fetch, logger, now, random, sleep, endpoints })
  return { source, archive: createArchive(config, options), endpoints, request, startTimeoutMs }
}

/** Whether there is somebody to send requests to while the network is silent. */
function hasOthers({ endpoints, brokers }: GonkaConfig): boolean {
  return endpoints.length + brokers.length > 0
}

function checkTimeoutMs(field: string, timeoutMs: number | undefined): void {
  if (timeoutMs === undefined || (Number.isSafeInteger(timeoutMs) && timeoutMs > 0 && timeoutMs <= MAX_TIMEOUT_MS))
    return
  throw invalidField(field, `a whole number of milliseconds from 1 to ${MAX_TIMEOUT_MS}`, timeoutMs)
}

/** The longest that a timer of the platform takes. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1

function createRegistrar(config: GonkaConfig, options: RegisterGonkaModelsOptions): ModelRegistrar {
  const { signer, scheme, modelNamePrefix, defaultMaxConcurrent } = config
  const { fetch, logger, clock = createClock(config, fetch) } = options
  const factory = signer
    ? refuseMadeUpModel(createSigningClientFactory({ signer, scheme, fetch, clock }), modelNamePrefix)
    : BROKERS_ONLY
  const classify = classifyParticipantAttempt
  return new ModelRegistrar(factory, { modelNamePrefix, defaultMaxConcurrent, classify, logger })
}

/** Nodes judge timestamps by block time, which may be far from ours: the sources know it, and without sources the endpoints. */
function createClock({ sourceUrls, endpoints }: GonkaConfig, fetch: FetchLike | undefined): Clock | undefined {
  const nodeUrls = sourceUrls.length > 0 ? sourceUrls : endpoints.map(({ inferenceUrl }) => inferenceUrl)
  return nodeUrls.length > 0 ? createChainClock({ nodeUrls, fetch }) : undefined
}

/** Without a key nobody can sign; a configuration without a key has no participants. */
const BROKERS_ONLY: ParticipantClientFactory = {
  createClient() {
    throw new GonkaConfigError('key-invalid', 'privateKey is required to reach participants.', { field: 'privateKey' })
  },
}

interface RefreshParts extends Pick<Parts, 'source' | 'archive'> {
  readonly config: GonkaConfig
  readonly sink: ReturnType<ModelRegistrar['sinkFor']>
  readonly first: FirstSet
}

function createRefreshManager(
  { config, source, archive, sink, first }: RefreshParts,
  { onEpochChange, logger, now, random }: RegisterGonkaModelsOptions,
): RefreshManager | undefined {
  if (!config.refreshEnabled || !source) return undefined
  const start = { initial: first.network, initialIsStale: first.stale, intervalMs: config.refreshIntervalMs }
  return new RefreshManager({ source, sink, archive, ...start, onEpochChange, logger, now, random })
}
