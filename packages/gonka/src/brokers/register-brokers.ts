import { GonkaClientError } from '@gonka/protocol'
import type { FetchLike, MemberPool } from '@multiplexer/core/router'
import type { ModelsRequest } from '../fetch-model-list.ts'
import type { GonkaConfig } from '../gonka-config.ts'
import { refuseMemberName } from '../refuse-made-up-model.ts'
import { askAgain } from './ask-again.ts'
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
  /** Model ids that it is asked for; undefined is any, until it lists them. */
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

/** What adding brokers needs. */
export interface AddBrokersOptions {
  readonly config: GonkaConfig
  /** For requests to the brokers, and for asking those again that did not list their models. */
  readonly request: Omit<ModelsRequest, 'signal'>
  readonly now: (() => number) | undefined
}

/** Adds each broker as a member in a group of its own. When one cannot be added, none is.
 * @throws {GonkaClientError} `client-invalid` when a name is taken.
 * @throws What the pool throws when it refuses a member. */
export function addBrokers(
  pool: MemberPool,
  plans: readonly BrokerPlan[],
  options: AddBrokersOptions,
): readonly RegisteredBroker[] {
  const added: RegisteredBroker[] = []
  try {
    for (const plan of plans) added.push(addBroker(pool, plan, options))
    return added
  } catch (error) {
    for (const { name } of added) pool.removeModel(name)
    throw error
  }
}

function addBroker(pool: MemberPool, { broker, models }: BrokerPlan, options: AddBrokersOptions): RegisteredBroker {
  const { config, request, now } = options
  const name = `${config.modelNamePrefix}broker:${broker.name}`
  if (pool.hasModel(name)) throw nameTaken(name)
  const apiKey = broker.apiKey()
  const fetch = redactRefusals(request.fetch ?? platformFetch, apiKey)
  const learn = async (): Promise<boolean> => learnModels(pool, { name, broker }, request)
  const guarded = models ? fetch : askAgain(refuseMemberName(fetch, name, MODELS_UNKNOWN), learn, { now })
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
  return { name, url: broker.url, models }
}

/** @returns Whether the models of the member are known now. */
async function learnModels(
  pool: MemberPool,
  { name, broker }: { readonly name: string; readonly broker: GonkaBroker },
  request: Omit<ModelsRequest, 'signal'>,
): Promise<boolean> {
  const models = await fetchBrokerModels(broker, request)
  // It may have been taken out meanwhile.
  if (models === undefined || !pool.hasModel(name)) return false
  pool.updateModel(name, { models })
  request.logger?.info('the models of a broker are known now', { broker: broker.name, count: models.length })
  return true
}

const platformFetch: FetchLike = (input, init) => globalThis.fetch(input, init)

function nameTaken(name: string): GonkaClientError {
  const message = `The pool has another member named ${name}; give the broker a name, or use another modelNamePrefix.`
  return new GonkaClientError('client-invalid', message, { field: 'brokers' })
}
