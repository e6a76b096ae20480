import type { MailKind, MailProps } from '@sigra/mikro-orm'
import type { ReactElement } from 'react'
/** A mail in words: what the host's templates make. */
export interface Mail {
  subject: string
  body: ReactElement
}
/** The host's templates, one per kind of mail. */
export type Mails = {
  [K in MailKind]: (props: MailProps[K]) => Mail
}
/** Example values for each template: for a gallery, and for tests of the words. */
export type MailSamples = {
  [K in MailKind]: MailProps[K]
}
//# sourceMappingURL=mails.d.ts.map
