import { GonkaClientError } from '@gonka/protocol'
import type { FetchLike, MemberPool } from '@multiplexer/core/router'
import type { ModelsRequest } from '../fetch-model-list.ts'
import type { GonkaConfig } from '../gonka-config.ts'
import { refuseMemberName } from '../refuse-made-up-model.ts'
import { classifyBrokerAnswer, MODELS_UNKNOWN } from './classify-broker-answer.ts'
import { fetchBrokerModels } from './fetch-broker-models.ts'
import type { GonkaBroker } from './gonka-broker.ts'
import { redactRefusals } from './redact-refusals.ts'

/** A broker as it was registered. */
export interface RegisteredBroker {
  /** Name of the member. */
  readonly name: string
  /** Base URL of its API. */
  readonly url: string
  /** Model ids that it is asked for; undefined is any. */
  readonly models: readonly string[] | undefined
}

/** A broker with the models that it serves. */
export interface BrokerPlan {
  readonly broker: GonkaBroker
  readonly models: readonly string[] | undefined
}

/** Finds out what each broker serves, all at once: from the configuration, else from the broker.
 * @throws The signal's reason when it is aborted. */
export function planBrokers(brokers: readonly GonkaBroker[], request: ModelsRequest): Promise<readonly BrokerPlan[]> {
  const plans = brokers.map(async (broker) => ({
    broker,
    models: broker.models ?? (await fetchBrokerModels(broker, request)),
  }))
  return Promise.all(plans)
}

/** Adds each broker as a member in a group of its own. When one cannot be added, none is.
 * @throws {GonkaClientError} `client-invalid` when a name is taken.
 * @throws What the pool throws when it refuses a member. */
export function addBrokers(
  pool: MemberPool,
  plans: readonly BrokerPlan[],
  { config, fetch = platformFetch }: { readonly config: GonkaConfig } & Pick<ModelsRequest, 'fetch'>,
): readonly RegisteredBroker[] {
  const added: RegisteredBroker[] = []
  try {
    for (const { broker, models } of plans) {
      const name = `${config.modelNamePrefix}broker:${broker.name}`
      if (pool.hasModel(name)) throw nameTaken(name)
      const apiKey = broker.apiKey()
      const redacting = redactRefusals(fetch, apiKey)
      const guarded = models === undefined ? refuseMemberName(redacting, name, MODELS_UNKNOWN) : redacting
      pool.addModel(
        { baseURL: broker.url, apiKey, fetch: guarded },
        {
          modelName: name,
          group: name,
          weight: broker.weight,
          tier: config.registerAsFallback ? 1 : 0,
          models,
          aliases: broker.aliases,
          maxConcurrent: broker.maxConcurrent ?? config.defaultMaxConcurrent,
          classify: (outcome) => classifyBrokerAnswer(outcome, apiKey),
        },
      )
      added.push({ name, url: broker.url, models })
    }
    return added
  } catch (error) {
    for (const { name } of added) pool.removeModel(name)
    throw error
  }
}

const platformFetch: FetchLike = (input, init) => globalThis.fetch(input, init)

function nameTaken(name: string): GonkaClientError {
  const message = `The pool has another member named ${name}; give the broker a name, or use another modelNamePrefix.`
  return new GonkaClientError('client-invalid', message, { field: 'brokers' })
}
