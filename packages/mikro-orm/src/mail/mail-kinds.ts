import type { TokenPurpose } from '@sigra/core'

/** Mails with a link or a code someone asked for, and what those are good for. */
export const tokenPurposes = {
  confirmAddress: 'confirm',
  magicLink: 'magic-link',
  resetPassword: 'reset-password',
  sudoCode: 'sudo',
} as const satisfies Record<string, TokenPurpose>

/**
 * Notices about what someone who is not the owner could have done. Each holds a link "This wasn't me", which takes
 * the account out of their hands.
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
  'passkeyAdded',
  'passkeyRemoved',
  'passkeyCopied',
] as const

/** Notices about what was refused, or done by the owner from the mailbox itself: there is nothing to dispute. */
export const plainNotices = ['signInBlocked', 'codesBlocked', 'notMeDone'] as const

/** Notices an app without passkeys has no template for. */
export const passkeyNotices = ['passkeyAdded', 'passkeyRemoved', 'passkeyCopied'] as const

/** A mail with a link or a code. */
export type TokenMailKind = keyof typeof tokenPurposes

/** A notice with a link "This wasn't me". */
export type DisputableNoticeKind = (typeof disputableNotices)[number]

/** A notice without one. */
export type PlainNoticeKind = (typeof plainNotices)[number]

/** Tells the owner what has happened. */
export type NoticeKind = DisputableNoticeKind | PlainNoticeKind

/** The name of a template that belongs to passkeys. */
export type PasskeyMailKind = (typeof passkeyNotices)[number]

/** The name of a template. */
export type MailKind = TokenMailKind | 'alreadyRegistered' | NoticeKind

/** Every mail there is. */
export const mailKinds: readonly MailKind[] = [
  'confirmAddress',
  'alreadyRegistered',
  'magicLink',
  'resetPassword',
  'sudoCode',
  ...disputableNotices,
  ...plainNotices,
]

export function isTokenMailKind(kind: unknown): kind is TokenMailKind {
  return typeof kind === 'string' && Object.hasOwn(tokenPurposes, kind)
}

export function isDisputableNotice(kind: unknown): kind is DisputableNoticeKind {
  return disputableNotices.some((each) => each === kind)
}

export function isPlainNotice(kind: unknown): kind is PlainNoticeKind {
  return plainNotices.some((each) => each === kind)
}
