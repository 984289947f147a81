import { knownBrokers } from '@multiplexer/gonka/brokers'

/** Looks up a broker. */
export async function use(): Promise<string> {
  return `${knownBrokers.find(({ name }) => name === 'gonkagate.com')?.baseURL}`
}
