import type { AreaDeclaration } from '../areas/area.ts'
import { keyOfUser, ownedByUser } from '../read-table.ts'
import { userIdentityProperties } from '../schema/user-identity.ts'
import { userOauthAttemptProperties } from '../schema/user-oauth-attempt.ts'

/** Somebody whom a provider vouches for. */
export type OauthSignInMethod = 'provider'

/** What logging in by a provider brings to every app that has it. */
export const oauth = {
  name: 'oauth',
  needs: [],
  tables: {
    UserIdentity: { ...userIdentityProperties, ...ownedByUser },
    UserOauthAttempt: { ...userOauthAttemptProperties, id: keyOfUser },
  },
  auditActions: {},
  channels: {},
  notices: {},
  below: {},
} satisfies AreaDeclaration
