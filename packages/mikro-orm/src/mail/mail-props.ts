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
  resetPassword: { appName: string; resetUrl: string; minutes: number }
  passwordChanged: NoticeProps
  addressConfirmed: NoticeProps
  signInBlocked: { appName: string; occurredAt: Date; resetUrl: string }
}

/** The name of a template. */
export type MailKind = keyof MailProps

/** What a notice says: when it happened, from where, and where to go if it was someone else. */
export interface NoticeProps {
  appName: string
  occurredAt: Date
  /** In words, e.g. "Firefox on Linux". */
  browser: string
  /** The network address it came from. */
  address: string
  resetUrl: string
}
