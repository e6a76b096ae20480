import type { AreaMailKind, MailKind, MailProps } from '@sigra/mikro-orm'
import type { ReactElement } from 'react'

/** A mail in words: what the host's templates make. */
export interface Mail {
  subject: string
  body: ReactElement
}

type Templates<Kind extends MailKind, User extends object> = {
  [K in Kind]: (props: MailProps<User>[K]) => Mail
}

/** The templates an app with an area has beside the others: `AreaMails<PasskeyNotice>`. */
export type AreaMails<Kind extends AreaMailKind, User extends object = never> = Templates<Kind, User>

/**
 * The host's templates, one per kind of mail. Those of an area only where the app has it.
 *
 * @typeParam User The host's columns they can take; without it these are the templates of any app.
 */
export type Mails<User extends object = never> = Templates<Exclude<MailKind, AreaMailKind>, User> &
  Partial<Templates<AreaMailKind, User>>

type Samples<Kind extends MailKind, User extends object> = { [K in Kind]: MailProps<User>[K] }

/** Example values of the templates an app with an area has beside the others. */
export type AreaMailSamples<Kind extends AreaMailKind, User extends object = object> = Samples<Kind, User>

/** Example values for each template: for a gallery, and for tests of the words. */
export type MailSamples<User extends object = object> = Samples<Exclude<MailKind, AreaMailKind>, User> &
  Partial<Samples<AreaMailKind, User>>
