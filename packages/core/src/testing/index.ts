export type { PasskeyAlgorithm } from './passkeys/software-key.ts'
export {
  createSoftwarePasskey,
  type SoftwareAuthentication,
  type SoftwareEnrolment,
  type SoftwarePasskey,
  type SoftwarePasskeyOptions,
  type CeremonyChanges,
} from './passkeys/software-passkey.ts'
