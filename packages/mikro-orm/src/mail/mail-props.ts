import type { AreaCredential, AreaMailFacts } from '../areas.ts'
import type { BrowserNames } from './browser-names.ts'
import type { MailCommon, NoticeFacts } from './notice-facts.ts'

/**
 * What each owned template receives: facts, no sentences. Every instant is a `Date`; a life is a number with its unit in
 * its name.
 *
 * @typeParam User The host's columns as a mail gets them: `MailUser<User, 'displayName'>`.
 */
export type MailProps<User extends object = object> = {
  [Kind in keyof MailFacts]: MailFacts[Kind] & MailCommon<User>
}

/**
 * Columns of the host's as a mail gets them: text may be `null`, where nothing of it can be read, or a mail client would
 * make a link of it.
 */
export type MailUser<User, Field extends keyof User> = {
  [F in Field]: User[F] | (Extract<User[F], string> extends never ? never : null)
}

/** What each kind of mail is about. */
export interface MailFacts extends AreaMailFacts {
  confirmAddress: {
    confirmUrl: string
    code: string
    linkHours: number
    codeMinutes: number
  }
  alreadyRegistered: { logInUrl: string; resetUrl: string }
  /** To a new address of somebody's: its reader is not known to be them. */
  changeEmail: { changeUrl: string; code: string; linkHours: number; codeMinutes: number }
  /** To whoever has the address that somebody else asked for. */
  addressInUse: { logInUrl: string; resetUrl: string }
  magicLink: { logInUrl: string; code: string; minutes: number } & AskedFrom
  resetPassword: { resetUrl: string; minutes: number }
  sudoCode: { code: string; minutes: number; resetUrl: string } & AskedFrom
  passwordChanged: NoticeFacts
  passwordSet: NoticeFacts
  addressConfirmed: NoticeFacts
  newSignIn: NoticeFacts
  secondFactorAdded: NoticeFacts & {
    /** How long after it was added an authenticator app can be removed by the link. */
    removableHours: number
  }
  secondFactorRemoved: NoticeFacts
  secondFactorBlocked: NoticeFacts & {
    /** Codes are refused until someone lifts the block; otherwise the account only has to wait between tries. */
    isRefused: boolean
  }
  /** A value that its browser has replaced since was shown: the trust was ended. */
  trustedBrowserCopied: NoticeFacts
  backupCodeUsed: NoticeFacts & { codesLeft: number }
  backupCodesReplaced: NoticeFacts
  sudoRecovery: NoticeFacts
  dataExported: NoticeFacts
  /** To the address that somebody wants to change. */
  emailChangeRequested: NoticeFacts & {
    /** The new one, as far as whoever reads the old mailbox may see it. */
    maskedEmail: string
    /** Where the change waits for the old mailbox; `null` where it does not. */
    approveUrl: string | null
  }
  /** To the address that was changed: its link gives it back. */
  emailChanged: NoticeFacts & { maskedEmail: string; undoDays: number }
  emailIsNow: Omit<NoticeFacts, 'notMeUrl' | 'notMeDays'>
  /** To an address whose owner said that they distrust its mailbox: nothing can be undone from there. */
  emailLeft: Omit<NoticeFacts, 'notMeUrl' | 'notMeDays'>
  deletionScheduled: DeletionFacts
  /** When and from where the deletion was asked for that is near. */
  deletionReminder: DeletionFacts
  deletionCancelled: NoticeFacts
  /** When and from where that was done which somebody logged in did not recognize. */
  disputed: NoticeFacts
  signInBlocked: BlockedFacts
  codesBlocked: BlockedFacts
  notMeDone: Omit<NoticeFacts, 'notMeUrl' | 'notMeDays'> & {
    resetUrl: string
    /** What was taken away beside sessions, trusted browsers and links. */
    removed: readonly RemovedByNotMe[]
    /** The address is the one it was before a change. */
    isAddressRestored: boolean
    /** The account is not going to be deleted any more. */
    isDeletionCancelled: boolean
  }
  /** Written when nothing is known of them any more: it greets nobody. */
  accountDeleted: { deletedAt: Date }
}

/** What a notice says about a deletion that lies ahead. */
export interface DeletionFacts extends NoticeFacts {
  /** From when on the account is deleted. */
  deleteAfter: Date
  /** How the account is kept. */
  logInUrl: string
}

/** What "This wasn't me" may take from an account. */
export type RemovedByNotMe = 'password' | 'second-factor' | 'backup-codes' | AreaCredential

/** What a notice says about tries nobody got in with. */
export interface BlockedFacts {
  occurredAt: Date
  resetUrl: string
}

/** The browser a link or code was asked from, so that its reader sees whether it was theirs. */
export interface AskedFrom {
  browser: BrowserNames
  /** The network address it came from; `null` where the host does not know any. */
  address: string | null
}

/** All that a notice about refused tries is told. */
export type BlockedProps<User extends object = object> = BlockedFacts & MailCommon<User>
