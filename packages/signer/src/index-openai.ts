export type { ClientFactoryOptions, ClientParticipant } from './gonka-client-factory.ts'
export { GonkaClientFactory } from './gonka-client-factory.ts'
