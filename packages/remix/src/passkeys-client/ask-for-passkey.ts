import { startAuthentication } from '@simplewebauthn/browser'
import { isRequestOptions } from './ceremony-options.ts'
import { type CeremonyOptions, type CeremonyResult, runCeremony } from './run-ceremony.ts'

/** Asks for a passkey in the browser's own dialog; call it from a click. It ends what `offerPasskeys` had begun. */
export function askForPasskey(options: CeremonyOptions): Promise<CeremonyResult> {
  return runCeremony(options, isRequestOptions, (optionsJSON) => startAuthentication({ optionsJSON }))
}
