/** What each owned template receives. Every instant is a `Date`; a life is a number with its unit in its name. */
export interface MailProps {
  confirmAddress: {
    appName: string
    confirmUrl: string
    code: string
    linkHours: number
    codeMinutes: number
  }
  alreadyRegistered: { appName: string; logInUrl: string; resetUrl: string }
  magicLink: { appName: string; logInUrl: string; code: string; minutes: number } & AskedFrom
  resetPassword: { appName: string; resetUrl: string; minutes: number }
  sudoCode: { appName: string; code: string; minutes: number; resetUrl: string } & AskedFrom
  passwordChanged: NoticeProps
  passwordSet: NoticeProps
  addressConfirmed: NoticeProps
  newSignIn: NoticeProps
  secondFactorAdded: NoticeProps & {
    /** How long after it was added an authenticator app can be removed by the link. */
    removableHours: number
  }
  secondFactorRemoved: NoticeProps
  secondFactorBlocked: NoticeProps & {
    /** Codes are refused until someone lifts the block; otherwise the account only has to wait between tries. */
    isRefused: boolean
  }
  /** A value that its browser has replaced since was shown: the trust was ended. */
  trustedBrowserCopied: NoticeProps
  backupCodeUsed: NoticeProps & { codesLeft: number }
  backupCodesReplaced: NoticeProps
  sudoRecovery: NoticeProps
  passkeyAdded: NoticeProps & { nickname: string }
  passkeyRemoved: NoticeProps & { nickname: string }
  /** A use was refused: the passkey's counter says that there are two of it. */
  passkeyCopied: NoticeProps & { nickname: string }
  signInBlocked: BlockedProps
  codesBlocked: BlockedProps
  notMeDone: Omit<NoticeProps, 'notMeUrl' | 'notMeDays'> & {
    resetUrl: string
    /** What was taken away beside sessions, trusted browsers and links. */
    removed: readonly RemovedByNotMe[]
  }
}

/** What "This wasn't me" may take from an account. */
export type RemovedByNotMe = 'password' | 'second-factor' | 'backup-codes' | 'passkey'

/** What a notice says: when it happened, from where, and where to go if it was someone else. */
export interface NoticeProps {
  appName: string
  occurredAt: Date
  /** In words, e.g. "Firefox on Linux". */
  browser: string
  /** The network address it came from. */
  address: string
  /** "This wasn't me": asks once more, then takes the account out of the hands it is in. */
  notMeUrl: string
  notMeDays: number
}

/** What a notice says about tries nobody got in with. */
export interface BlockedProps {
  appName: string
  occurredAt: Date
  resetUrl: string
}

/** The browser a link or code was asked from, so that its reader sees whether it was theirs. */
export interface AskedFrom {
  /** In words, e.g. "Firefox on Linux". */
  browser: string
  /** The network address it came from. */
  address: string
}
