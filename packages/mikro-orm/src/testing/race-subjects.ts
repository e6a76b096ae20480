import type { limitProperties } from '../schema/limit.ts'
import type { organizationMembershipProperties } from '../schema/organization-membership.ts'
import type { organizationSlugProperties } from '../schema/organization-slug.ts'
import type { userAddressHoldProperties } from '../schema/user-address-hold.ts'
import type { userBackupCodeProperties } from '../schema/user-backup-code.ts'
import type { userConsentProperties } from '../schema/user-consent.ts'
import type { userKnownBrowserProperties } from '../schema/user-known-browser.ts'
import type { userPasskeyProperties } from '../schema/user-passkey.ts'
import type { userSessionProperties } from '../schema/user-session.ts'
import type { userTokenProperties } from '../schema/user-token.ts'
import type { userTotpProperties } from '../schema/user-totp.ts'
import type { userProperties } from '../schema/user.ts'
import type { webauthnSpentChallengeProperties } from '../schema/webauthn-spent-challenge.ts'

type Column<Table extends string, Bundle> = `${Table}.${keyof Bundle & string}`

type AnyColumn =
  | Column<'user', typeof userProperties>
  | Column<'userToken', typeof userTokenProperties>
  | Column<'userSession', typeof userSessionProperties>
  | Column<'userKnownBrowser', typeof userKnownBrowserProperties>
  | Column<'userTotp', typeof userTotpProperties>
  | Column<'userBackupCode', typeof userBackupCodeProperties>
  | Column<'userAddressHold', typeof userAddressHoldProperties>
  | Column<'userConsent', typeof userConsentProperties>
  | Column<'userPasskey', typeof userPasskeyProperties>
  | Column<'spentChallenge', typeof webauthnSpentChallengeProperties>
  | Column<'organizationSlug', typeof organizationSlugProperties>
  | Column<'organizationMembership', typeof organizationMembershipProperties>
  | Column<'limit', typeof limitProperties>

/**
 * Everything that works once or is counted. Each needs a race test, a call of `race` with its name; the test beside
 * this file fails for one without, and for a counting column that is missing here.
 */
export const raceSubjects = [
  'user.emailCanonical',
  'user.deleteAfter',
  'user.deletedAt',
  'user.failedPasswordCount',
  'user.failedCodeCount',
  'user.unknownFailedCodeCount',
  'user.failedSecondFactorCount',
  'user.passwordLockedAt',
  'user.deleteAfter',
  'userSession.tokenHash',
  'userSession.awaiting',
  'userSession.attempts',
  'userSession.presentedAt',
  'userToken.usedAt',
  'userToken.supersededAt',
  'userToken.attempts',
  'userToken.repeatCount',
  'userKnownBrowser.failedPasswordCount',
  'userKnownBrowser.trustHash',
  'userKnownBrowser.formerTrustHash',
  'userKnownBrowser.passkeyOfferedAt',
  'userTotp.lastStep',
  'userBackupCode.usedAt',
  'userAddressHold.digest',
  'userConsent.version',
  'userPasskey.counter',
  'userPasskey.credentialId',
  'spentChallenge.challengeHash',
  'organizationSlug.slug',
  'organizationMembership.role',
  'limit.tokens',
] as const satisfies readonly AnyColumn[]

export type RaceSubject = (typeof raceSubjects)[number]
