import type { MailKind, MailProps, PasskeyMailKind } from '@sigra/mikro-orm'
import type { ReactElement } from 'react'

/** A mail in words: what the host's templates make. */
export interface Mail {
  subject: string
  body: ReactElement
}

type Templates<Kind extends MailKind> = { [K in Kind]: (props: MailProps[K]) => Mail }

/** The templates an app with passkeys has beside the others. */
export type PasskeyMails = Templates<PasskeyMailKind>

/** The host's templates, one per kind of mail. Those of passkeys only where the app has passkeys. */
export type Mails = Templates<Exclude<MailKind, PasskeyMailKind>> & Partial<PasskeyMails>

type Samples<Kind extends MailKind> = { [K in Kind]: MailProps[K] }

/** Example values of the templates an app with passkeys has beside the others. */
export type PasskeyMailSamples = Samples<PasskeyMailKind>

/** Example values for each template: for a gallery, and for tests of the words. */
export type MailSamples = Samples<Exclude<MailKind, PasskeyMailKind>> & Partial<PasskeyMailSamples>
