/** The words of a mail about something done to the account. */
export interface NoticeWords {
  subject: string
  title: string
  /** What an inbox shows beside the subject. */
  preview?: string
  /** Paragraphs. */
  text: readonly string[]
  /** A button of its own, for whoever it was. */
  action?: { label: string; href: string }
  /** What to do for whoever it was, where it is more than nothing. */
  wasYou?: string
  /** What “This wasn’t me” undoes, where it is more than usual. */
  undoes?: string
}
