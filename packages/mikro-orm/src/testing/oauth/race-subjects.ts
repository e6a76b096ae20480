import type { userIdentityProperties } from '../../schema/user-identity.ts'
import type { userOauthAttemptProperties } from '../../schema/user-oauth-attempt.ts'
import type { ColumnOf } from '../column-of.ts'

/** What of logging in by providers works once. */
export const oauthRaceSubjects = [
  'userOauthAttempt.step',
  'userIdentity.subject',
] as const satisfies readonly (
  | ColumnOf<'userOauthAttempt', typeof userOauthAttemptProperties>
  | ColumnOf<'userIdentity', typeof userIdentityProperties>
)[]
