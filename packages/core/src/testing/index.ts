export type { PasskeyAlgorithm } from './software-key.ts'
export {
  createSoftwarePasskey,
  type SoftwareAuthentication,
  type SoftwareEnrolment,
  type SoftwarePasskey,
  type SoftwarePasskeyOptions,
  type CeremonyChanges,
} from './software-passkey.ts'
