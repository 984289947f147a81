export { runDoctor } from './doctor/run-doctor.ts'
export type { DoctorCheck, DoctorOptions, DoctorReport, DoctorRow, DoctorStatus } from './doctor/types.ts'
