import { areaRaceSubjects } from './area-calls.ts'
import type { ColumnOf } from './column-of.ts'
import type { limitProperties } from '../schema/limit.ts'
import type { userAddressHoldProperties } from '../schema/user-address-hold.ts'
import type { userBackupCodeProperties } from '../schema/user-backup-code.ts'
import type { userConsentProperties } from '../schema/user-consent.ts'
import type { userKnownBrowserProperties } from '../schema/user-known-browser.ts'
import type { userSessionProperties } from '../schema/user-session.ts'
import type { userTokenProperties } from '../schema/user-token.ts'
import type { userTotpProperties } from '../schema/user-totp.ts'
import type { userProperties } from '../schema/user.ts'

type AnyColumn =
  | ColumnOf<'user', typeof userProperties>
  | ColumnOf<'userToken', typeof userTokenProperties>
  | ColumnOf<'userSession', typeof userSessionProperties>
  | ColumnOf<'userKnownBrowser', typeof userKnownBrowserProperties>
  | ColumnOf<'userTotp', typeof userTotpProperties>
  | ColumnOf<'userBackupCode', typeof userBackupCodeProperties>
  | ColumnOf<'userAddressHold', typeof userAddressHoldProperties>
  | ColumnOf<'userConsent', typeof userConsentProperties>
  | ColumnOf<'limit', typeof limitProperties>

const accountRaceSubjects = [
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
  'limit.tokens',
] as const satisfies readonly AnyColumn[]

/**
 * Everything that works once or is counted. Each needs a race test, a call of `race` with its name; the test beside
 * this file fails for one without, and for a counting column that is missing here.
 */
export const raceSubjects = [...accountRaceSubjects, ...areaRaceSubjects] as const

export type RaceSubject = (typeof raceSubjects)[number]
