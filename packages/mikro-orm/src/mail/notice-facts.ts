import type { BrowserNames } from './browser-names.ts'

/** What a notice says: when it happened, from where, and where to go if it was someone else. */
export interface NoticeFacts {
  occurredAt: Date
  browser: BrowserNames
  /** The network address it came from; `null` where the host does not know any. */
  address: string | null
  /** "This wasn't me": asks once more, then takes the account out of the hands it is in. */
  notMeUrl: string
  notMeDays: number
}

/** All that a notice without that link is told: whoever did it is not its reader, so it says nothing of their browser. */
export interface PlainNoticeProps<User extends object = object> extends MailCommon<User> {
  occurredAt: Date
}

/** What every mail is told. */
export interface MailCommon<User extends object = object> {
  appName: string
  /** The language to write in, as a language tag. */
  locale: string
  /**
   * The columns that `mailUser` names; `null` as long as the address is not confirmed: a stranger may have typed them.
   */
  user: User | null
}

/** All that a notice with the link "This wasn't me" is told. */
export type NoticeProps<User extends object = object> = NoticeFacts & MailCommon<User>
