export {
  type PasskeyEntities,
  type PasskeyNotice,
  type PasskeysOptions,
  type PasskeysPolicy,
  type UserPasskey,
} from '@sigra/mikro-orm'
export { passkeysArea, type PasskeysKind } from './passkeys-area.ts'
export {
  type AddPasskeyAnswer,
  type AddPasskeyInput,
  type AddPasskeySuccess,
  type CeremonyStart,
  type PasskeyLogInAnswer,
  type PasskeyLogInInput,
  type Passkeys,
  type PasskeySecondFactorAnswer,
  type PasskeySecondFactorInput,
  type PasskeySudoAnswer,
  type SudoMissing,
} from './passkeys.ts'
export type { PasskeyRefusal } from './refusal.ts'
// By the names they had, for apps that wrote them down. They go in the next minor version.
export {
  type AddPasskeyAnswer as AddPasskeyResult,
  type PasskeyLogInAnswer as PasskeyLogInResult,
  type PasskeySecondFactorAnswer as PasskeySecondFactorResult,
  type PasskeySudoAnswer as PasskeySudoResult,
} from './passkeys.ts'
