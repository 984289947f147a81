import { GonkaConfigError } from '@gonka/protocol'
import { RefreshManager } from '@gonka/refresh'
import { createSigningClientFactory, ModelRegistrar, type ParticipantClientFactory } from '@gonka/registrar'
import { type Clock, createChainClock } from '@gonka/signer'
import type { FetchLike, MemberPool } from '@multiplexer/core/router'
import { addBrokers, type BrokerPlan, planBrokers } from './brokers/register-brokers.ts'
import { type GonkaConfigOptions, mergeOptions } from './config-options.ts'
import { createNetworkSource, type NetworkSet, type NetworkSource } from './create-network-source.ts'
import { GonkaConfig } from './gonka-config.ts'
import { invalidField } from './schemas.ts'
import type { GonkaRegistrationResult, RegisterGonkaModelsOptions } from './types.ts'

/** Finds the participants of a Gonka network, makes them and the configured brokers members of a multiplexer, and keeps the
 * participants current. When it fails, it leaves nothing behind.
 * @param pool - A `Multiplexer` or `Router`. Several networks fit into one, under different prefixes.
 * @param options - Settings and ports; see also `GonkaConfigOptions`.
 * @throws {GonkaConfigError} with `field`, when a setting is missing or malformed.
 * @throws {GonkaDiscoveryError} when no source gives a usable answer.
 * @throws {GonkaProofVerificationError} when lists must be proven and a list is not.
 * @throws {GonkaNoParticipantsError} when nobody is left to send requests to.
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
  const { signal, fetch, logger, now, random, sleep } = options
  signal?.throwIfAborted()
  const config = resolveConfig(options)
  const source = createNetworkSource(config, { ...options.discovery, fetch, logger, now, random, sleep })
  const registrar = createRegistrar(config, options)
  const set = await source.discover({ signal })
  const plans = await plan(config, options)
  signal?.throwIfAborted()
  const sink = registrar.sinkFor(pool, { asFallback: config.registerAsFallback })
  const refreshManager = createRefreshManager({ config, source, sink, initial: set }, options)
  const brokers = addBrokers(pool, plans, { config, fetch })
  try {
    sink.reconcile(set)
    refreshManager?.start()
  } catch (error) {
    registrar.unregisterAll(pool, set.epochId)
    for (const { name } of brokers) pool.removeModel(name)
    throw error
  }
  return {
    modelsRegistered: registrar.getRegisteredModels().size + brokers.length,
    participants: set.participants,
    brokers,
    refreshManager,
    epochId: set.epochId,
    requesterAddress: config.requesterAddress,
    rejected: set.rejected,
    trust: set.trust,
    provenBy: set.provenBy,
    registrar,
  }
}

function resolveConfig({ config = {}, env, ...own }: RegisterGonkaModelsOptions): GonkaConfig {
  return new GonkaConfig(mergeOptions(own, config) as GonkaConfigOptions, { env })
}

function plan(config: GonkaConfig, options: RegisterGonkaModelsOptions): Promise<readonly BrokerPlan[]> {
  const { fetch, signal, logger, discovery = {} } = options
  const { timeoutMs } = discovery
  const isTime = timeoutMs === undefined || (timeoutMs > 0 && timeoutMs <= MAX_TIMEOUT_MS)
  if (!isTime) throw invalidField('timeoutMs', `a number of milliseconds > 0 and <= ${MAX_TIMEOUT_MS}`, timeoutMs)
  return planBrokers(config.brokers, { fetch, signal, logger, timeoutMs })
}

/** The longest that a timer of the platform takes. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1

function createRegistrar(config: GonkaConfig, options: RegisterGonkaModelsOptions): ModelRegistrar {
  const { signer, scheme, modelNamePrefix, defaultMaxConcurrent } = config
  const { fetch, logger, clock = createClock(config, fetch) } = options
  const factory = signer ? createSigningClientFactory({ signer, scheme, fetch, clock }) : BROKERS_ONLY
  return new ModelRegistrar(factory, { modelNamePrefix, defaultMaxConcurrent, logger })
}

/** Nodes judge timestamps by block time, which may be far from ours: the sources know it. */
function createClock({ sourceUrls }: GonkaConfig, fetch: FetchLike | undefined): Clock | undefined {
  return sourceUrls.length > 0 ? createChainClock({ nodeUrls: sourceUrls, fetch }) : undefined
}

/** Without a key nobody can sign; a configuration without a key has no participants. */
const BROKERS_ONLY: ParticipantClientFactory = {
  createClient() {
    throw new GonkaConfigError('key-invalid', 'privateKey is required to reach participants.', { field: 'privateKey' })
  },
}

interface RefreshParts {
  readonly config: GonkaConfig
  readonly source: NetworkSource
  readonly sink: ReturnType<ModelRegistrar['sinkFor']>
  readonly initial: NetworkSet
}

function createRefreshManager(
  { config, ...ends }: RefreshParts,
  { onEpochChange, logger, now, random }: RegisterGonkaModelsOptions,
): RefreshManager | undefined {
  if (!config.refreshEnabled || config.sourceUrls.length === 0) return undefined
  return new RefreshManager({ ...ends, intervalMs: config.refreshIntervalMs, onEpochChange, logger, now, random })
}
