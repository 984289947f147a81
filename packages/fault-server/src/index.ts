export type { AttemptLog } from './attempt-log.ts'
export { FAULT_NAMES, FAULTS, type FaultName, HEALTHY_MODEL } from './faults.ts'
export { type FaultServer, type FaultServerOptions, startFaultServer } from './start-fault-server.ts'
