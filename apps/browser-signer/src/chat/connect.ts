import { Multiplexer } from '@multiplexer/core'
import { type RegisteredBroker, registerGonkaModels } from '@multiplexer/gonka'
import type { TypedBroker } from './broker-rows.ts'

/** A multiplexer and the brokers in it. */
export interface Connection {
  readonly mux: Multiplexer
  readonly brokers: readonly RegisteredBroker[]
}

/** Longest wait for a broker to say which models it serves. One that does not say is asked for any. */
const MODELS_TIMEOUT_MS = 5_000

/** Makes a multiplexer of brokers; each key is in the closure of its broker from then on.
 * @throws {GonkaConfigError} with a field such as `brokers[0].url`. */
export async function connect(typed: readonly TypedBroker[]): Promise<Connection> {
  const mux = new Multiplexer()
  const { brokers } = await registerGonkaModels(mux, {
    brokers: typed,
    discovery: { timeoutMs: MODELS_TIMEOUT_MS },
    env: {},
  })
  return { mux, brokers }
}
