export type { GonkaParticipant, ParticipantSet } from '@gonka/protocol'
export { classifyAttempt } from './classify-attempt.ts'
export type { SigningClientFactory, SigningClientFactoryOptions } from './create-signing-client-factory.ts'
export { createSigningClientFactory } from './create-signing-client-factory.ts'
export type { ModelRegistrarOptions } from './model-registrar.ts'
export { ModelRegistrar } from './model-registrar.ts'
export type {
  ParticipantClientFactory,
  ReconcileResult,
  RegisterOneOptions,
  RegisterOptions,
  RegistrarLogger,
} from './types.ts'
