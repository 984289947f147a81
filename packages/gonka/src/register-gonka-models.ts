import { RefreshManager } from '@gonka/refresh'
import { createSigningClientFactory, ModelRegistrar } from '@gonka/registrar'
import type { MemberPool } from '@multiplexer/core/router'
import { type GonkaConfigOptions, mergeOptions } from './config-options.ts'
import { createNetworkSource, type NetworkSet, type NetworkSource } from './create-network-source.ts'
import { GonkaConfig } from './gonka-config.ts'
import type { GonkaRegistrationResult, RegisterGonkaModelsOptions } from './types.ts'

/** Finds the participants of a Gonka network, makes them members of a multiplexer, and keeps them current. When it fails, it
 * leaves nothing behind.
 * @param pool - A `Multiplexer` or `Router`. Several networks fit into one, under different prefixes.
 * @param options - Settings and ports; see also `GonkaConfigOptions`.
 * @throws {GonkaConfigError} with `field`, when a setting is missing or malformed.
 * @throws {GonkaDiscoveryError} when no source gives a usable answer.
 * @throws {GonkaProofVerificationError} when lists must be proven and a list is not.
 * @throws {GonkaNoParticipantsError} when nobody is left to send requests to.
 * @throws {GonkaClientError} `client-invalid` when nobody could be registered, as when the prefix is in use.
 * @throws The signal's reason when it is aborted.
 * @example
 * const { modelsRegistered, refreshManager } = await registerGonkaModels(mux, {
 *   sourceUrl: 'http://node1.example:8000',
 *   privateKey: '00'.repeat(31) + '01',
 * })
 * await refreshManager?.stop() */
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
  signal?.throwIfAborted()
  const sink = registrar.sinkFor(pool, { asFallback: config.registerAsFallback })
  const refreshManager = createRefreshManager({ config, source, sink, initial: set }, options)
  try {
    sink.reconcile(set)
    refreshManager?.start()
  } catch (error) {
    registrar.unregisterAll(pool, set.epochId)
    throw error
  }
  return {
    modelsRegistered: registrar.getRegisteredModels().size,
    participants: set.participants,
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

function createRegistrar(config: GonkaConfig, { fetch, clock, logger }: RegisterGonkaModelsOptions): ModelRegistrar {
  const { signer, scheme, modelNamePrefix, defaultMaxConcurrent } = config
  const factory = createSigningClientFactory({ signer, scheme, fetch, clock })
  return new ModelRegistrar(factory, { modelNamePrefix, defaultMaxConcurrent, logger })
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
