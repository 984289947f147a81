export type { BrokerLimits, KnownBroker } from './brokers/known-brokers.ts'
export { knownBrokers } from './brokers/known-brokers.ts'
