import { Impossible } from '@sigra/core'
import { defineFlow } from '../flows/define-flow.ts'
import { recordRateLimited } from '../limits/record-rate-limited.ts'
import type { Runtime } from '../runtime.ts'
import { admitChangeMail } from '../email-change/admit-change-mail.ts'
import { admitNotice } from './admit-notice.ts'
import { admitRequestedMails, TOO_MANY_MAILS } from './admit-requested-mails.ts'
import { MAILBOX_LIMIT } from './charge-recipients.ts'
import { foldAddress } from './fold-address.ts'
import { admitLinkMail, isLinkMail } from './link-mail.ts'
import type { Admission } from './mail-outcome.ts'
import type { GuidanceMail, MailPayload, TokenMail } from './mail-payload.ts'
import { sourceOf } from './mail-source.ts'

/**
 * Decides whether queued mails are still wanted, and by whom: the last that is asked before they are sent. For a link
 * someone asked for, its token row appears here: the request that asked read nothing about the account. Mails to
 * different mailboxes share their statements.
 *
 * @returns In the order of the mails.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const admitMails = defineFlow(
  {
    name: 'admitMails',
    principal: 'worker',
    changes: true,
    sudo: false,
    impersonation: 'refused',
    channel: null,
  },
  async (runtime: Runtime, mails: readonly MailPayload[]): Promise<Admission[]> => {
    const admissions = new Map<MailPayload, Admission>()
    const requested: (TokenMail | GuidanceMail)[] = []
    for (const mail of mails) {
      if ('eventId' in mail) admissions.set(mail, await admitNotice(runtime, mail))
      else if (isLinkMail(mail, runtime)) admissions.set(mail, await admitLinkMail(runtime, mail))
      else if (mail.kind === 'accountDeleted') admissions.set(mail, { to: mail.email })
      else if (mail.kind === 'changeEmail') admissions.set(mail, await admitChangeMail(runtime, mail))
      else requested.push(mail)
    }
    for (const round of inRounds(requested)) {
      for (const [mail, admission] of await admitRequestedMails(runtime, round)) {
        admissions.set(mail, admission)
        if ('drop' in admission && admission.drop === TOO_MANY_MAILS) await recordFlood(runtime, mail)
      }
    }
    return mails.map((mail) => {
      const admission = admissions.get(mail)
      if (!admission) throw new Impossible('every mail is looked at')
      return admission
    })
  },
)

/** No two of a round go to one mailbox; what was asked for first is in the earlier round. */
function inRounds<Mail extends TokenMail | GuidanceMail>(mails: readonly Mail[]): Mail[][] {
  const perMailbox = Map.groupBy(mails, ({ address }) => foldAddress(address))
  const longest = Math.max(0, ...[...perMailbox.values()].map((each) => each.length))
  return Array.from({ length: longest }, (_, round) =>
    [...perMailbox.values()].flatMap((each) => each.slice(round, round + 1)),
  )
}

/** Once per mailbox and window, or a flood would fill the audit log. */
async function recordFlood(runtime: Runtime, mail: TokenMail | GuidanceMail): Promise<void> {
  const refused = { name: MAILBOX_LIMIT, subject: foldAddress(mail.address) }
  await recordRateLimited(runtime, sourceOf(mail), refused)
}
