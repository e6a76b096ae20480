import { admitMails } from '../mail/admit-mails.ts'
import { draftMail } from '../mail/draft-mail.ts'
import { findMailReaders } from '../mail/find-mail-readers.ts'
import type { MailKind } from '../mail/mail-kinds.ts'
import type { Admission, Draft, DraftedMail } from '../mail/mail-outcome.ts'
import type { MailPayload } from '../mail/mail-payload.ts'
import type { Runtime } from '../runtime.ts'

/** A mail as a worker would send it. */
export interface AttemptedMail<Kind extends MailKind = MailKind> extends DraftedMail<Kind> {
  to: string
}

/** `drop`: nobody is to get it any more, and why. `retry`: this process cannot know yet. */
export type MailAttempt =
  { send: AttemptedMail } | Exclude<Draft | Admission, { draft: unknown } | { to: unknown }>

/** Drafts a mail and asks whether it is wanted, as a worker does at each attempt, but for rendering it in between. */
export async function attemptMail(runtime: Runtime, mail: MailPayload): Promise<MailAttempt> {
  const [reader] = await findMailReaders(runtime, [mail])
  if (!reader) throw new Error('no reader of a mail')
  const drafted = await draftMail(runtime, mail, reader)
  if (!('draft' in drafted)) return drafted
  const [admission] = await admitMails(runtime, [mail])
  if (!admission) throw new Error('no answer about a mail')
  return 'to' in admission ? { send: { ...drafted.draft, ...admission } } : admission
}
