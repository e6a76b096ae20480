import type { userPasskeyProperties } from '../../schema/user-passkey.ts'
import type { webauthnSpentChallengeProperties } from '../../schema/webauthn-spent-challenge.ts'
import type { ColumnOf } from '../column-of.ts'

/** What of passkeys works once or is counted. */
export const passkeyRaceSubjects = [
  'userPasskey.counter',
  'userPasskey.credentialId',
  'webauthnSpentChallenge.challengeHash',
] as const satisfies readonly (
  | ColumnOf<'userPasskey', typeof userPasskeyProperties>
  | ColumnOf<'webauthnSpentChallenge', typeof webauthnSpentChallengeProperties>
)[]
