import { startRegistration } from '@simplewebauthn/browser'
import { isCreationOptions } from './ceremony-options.ts'
import { type CeremonyOptions, type CeremonyResult, runCeremony } from './run-ceremony.ts'

/** Makes a passkey in the browser's own dialog; call it from a click. */
export function addPasskey(options: CeremonyOptions): Promise<CeremonyResult> {
  return runCeremony(options, isCreationOptions, (optionsJSON) => startRegistration({ optionsJSON }))
}
