import { UserPasskey } from './user-passkey.ts'
import { WebauthnSpentChallenge } from './webauthn-spent-challenge.ts'

/** By the names the library asks for: `entities` of passkeysArea. */
export const passkeyEntities = { UserPasskey, WebauthnSpentChallenge }
