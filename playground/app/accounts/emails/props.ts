import type { MailProps as Props, MailUser as Columns } from '@sigra/worker'
import type { User } from '../entities/user.ts'

/** Columns of yours that mails get as `user`, like `['displayName']`; mails to an unconfirmed address never do. */
export const mailUser = [] as const satisfies readonly (keyof User)[]

/** What a mail knows of its reader. Text that a mail client would make a link of is `null`. */
export type MailUser = Columns<User, (typeof mailUser)[number]>

export type MailProps = Props<MailUser>

/** How mails greet somebody: `user?.displayName ?? null`. `null` greets nobody by name. */
export function nameOf(_user: MailUser | null): string | null {
  return null
}
