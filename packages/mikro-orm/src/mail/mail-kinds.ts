import type { TokenPurpose } from '@sigra/core'
import { areaMailKinds, type AreaNoticeKind } from '../areas.ts'
import type { AreaLinkMailKind, AreaPlainNoticeKind } from '../areas/area-mails.ts'
import type { DeclaredArea } from '../areas/area.ts'

/** Mails with a link or a code someone asked for, and what those are good for. */
export const tokenPurposes = {
  confirmAddress: 'confirm',
  magicLink: 'magic-link',
  resetPassword: 'reset-password',
  sudoCode: 'sudo',
} as const satisfies Record<string, TokenPurpose>

/**
 * Notices about what someone who is not the owner could have done. Each holds a link "This wasn't me", which takes
 * the account out of their hands. Areas bring their own.
 */
export const disputableNotices = [
  'passwordChanged',
  'passwordSet',
  'addressConfirmed',
  'newSignIn',
  'secondFactorAdded',
  'secondFactorRemoved',
  'secondFactorBlocked',
  'trustedBrowserCopied',
  'backupCodeUsed',
  'backupCodesReplaced',
  'sudoRecovery',
  'dataExported',
  'emailChangeRequested',
  'emailChanged',
  'deletionScheduled',
  'deletionReminder',
  'deletionCancelled',
  'disputed',
] as const

/** Notices about what was refused, or done by the owner from the mailbox itself: there is nothing to dispute. */
export const plainNotices = ['signInBlocked', 'codesBlocked', 'notMeDone', 'emailIsNow', 'emailLeft'] as const

/** A mail with a link or a code. */
export type TokenMailKind = keyof typeof tokenPurposes

/** A notice with a link "This wasn't me". */
export type DisputableNoticeKind = (typeof disputableNotices)[number] | AreaNoticeKind

/** A notice without one. */
export type PlainNoticeKind = (typeof plainNotices)[number] | AreaPlainNoticeKind

/** Tells the owner what has happened. */
export type NoticeKind = DisputableNoticeKind | PlainNoticeKind

/** The name of a template. */
export type MailKind =
  TokenMailKind | GuidanceMailKind | 'changeEmail' | NoticeKind | AreaLinkMailKind | 'accountDeleted'

/** Mails without a link of their own that someone asked for: what they asked for is not to be had. */
export const guidanceMails = ['alreadyRegistered', 'addressInUse'] as const

/** A mail without a link of its own that someone asked for. */
export type GuidanceMailKind = (typeof guidanceMails)[number]

const requestedMails = [
  'confirmAddress',
  'changeEmail',
  ...guidanceMails,
  'magicLink',
  'resetPassword',
  'sudoCode',
] as const

/** Every mail there is. */
export const mailKinds: readonly MailKind[] = [
  ...requestedMails,
  ...disputableNotices,
  ...areaMailKinds,
  ...plainNotices,
  'accountDeleted',
]

/** Every mail that an app with these areas sends. */
export function mailKindsOf(areas: readonly DeclaredArea[]): readonly string[] {
  const ofAreas = areas.flatMap(({ declaration: { notices, plainNotices: plain, linkMails } }) =>
    Object.keys({ ...notices, ...plain, ...linkMails }),
  )
  return [...requestedMails, ...disputableNotices, ...ofAreas, ...plainNotices, 'accountDeleted']
}

export function isGuidanceMailKind(kind: unknown): kind is GuidanceMailKind {
  return guidanceMails.some((each) => each === kind)
}

export function isTokenMailKind(kind: unknown): kind is TokenMailKind {
  return typeof kind === 'string' && Object.hasOwn(tokenPurposes, kind)
}

export function isDisputableNotice(
  kind: unknown,
  areas: readonly DeclaredArea[],
): kind is DisputableNoticeKind {
  return disputableNotices.some((each) => each === kind) || isAreaNotice(kind, areas)
}

/** Of an area that is there: an app without it does not know the kind. */
function isAreaNotice(kind: unknown, areas: readonly DeclaredArea[]): boolean {
  return areas.some(({ declaration }) => isOneOf(declaration.notices, kind))
}

export function isPlainNotice(kind: unknown, areas: readonly DeclaredArea[]): kind is PlainNoticeKind {
  return (
    plainNotices.some((each) => each === kind) ||
    areas.some(({ declaration }) => isOneOf(declaration.plainNotices, kind))
  )
}

/** Of an area that is there. */
export function isAreaLinkMail(kind: unknown, areas: readonly DeclaredArea[]): kind is AreaLinkMailKind {
  return areas.some(({ declaration }) => isOneOf(declaration.linkMails, kind))
}

function isOneOf(mails: object | undefined, kind: unknown): boolean {
  return mails !== undefined && typeof kind === 'string' && Object.hasOwn(mails, kind)
}
