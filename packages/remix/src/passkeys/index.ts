export {
  type PasskeyEntities,
  type PasskeysOptions,
  type PasskeysPolicy,
  type UserPasskey,
} from '@sigra/mikro-orm'
export { passkeysArea, type PasskeysKind } from './passkeys-area.ts'
export {
  type AddPasskeyInput,
  type AddPasskeyResult,
  type CeremonyStart,
  type PasskeyLogInInput,
  type PasskeyLogInResult,
  type Passkeys,
  type PasskeySecondFactorInput,
  type PasskeySecondFactorResult,
  type PasskeySudoResult,
  type SudoMissing,
} from './passkeys.ts'
