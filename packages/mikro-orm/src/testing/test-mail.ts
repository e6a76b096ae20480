import { sql } from '../database/sql.ts'
import { MAIL_TASK, type MailPayload, parseMailPayload } from '../mail/mail-payload.ts'
import type { MailKind } from '../mail/mail-kinds.ts'
import { attemptMail, type MailAttempt, type AttemptedMail } from './attempt-mail.ts'
import type { TestRuntime } from './test-runtime.ts'

export interface TestMailbox {
  /** What was sent, oldest first. */
  sent: AttemptedMail[]
  /** Why the others were not. */
  dropped: string[]
}

/** Areas have jobs of their own. */
const isMail = sql`task_id = (select id from graphile_worker._private_tasks where identifier = ${MAIL_TASK})`

/** The payloads that wait in the queue, oldest first. */
export async function readQueue(test: TestRuntime): Promise<MailPayload[]> {
  const jobs = await test.rows<{ payload: unknown }>(
    sql`select payload from graphile_worker._private_jobs where ${isMail} order by id`,
  )
  return jobs.map(({ payload }) => {
    const mail = parseMailPayload(payload, test.runtime)
    if (!mail) throw new Error('a job that no worker could read')
    return mail
  })
}

/** Takes every mail out of the queue and prepares it, as a worker would at its first attempt. */
export async function deliverMail(test: TestRuntime): Promise<TestMailbox> {
  const mailbox: TestMailbox = { sent: [], dropped: [] }
  const queue = await readQueue(test)
  await test.rows(sql`delete from graphile_worker._private_jobs where ${isMail}`)
  for (const mail of queue) sort(mailbox, await attemptMail(test.runtime, mail))
  return mailbox
}

/** The newest mail of a kind, or a failed test. */
export function findMail<Kind extends MailKind>(mailbox: TestMailbox, kind: Kind): AttemptedMail<Kind> {
  const mail = mailbox.sent.findLast((each): each is AttemptedMail<Kind> => each.kind === kind)
  if (!mail) throw new Error(`no mail ${kind}; sent ${mailbox.sent.map((each) => each.kind).join()}`)
  return mail
}

/** The token at the end of a mailed link. */
export function tokenOf(link: string): string {
  return new URL(link).pathname.split('/').at(-1) ?? ''
}

function sort(mailbox: TestMailbox, attempt: MailAttempt): void {
  if ('send' in attempt) mailbox.sent.push(attempt.send)
  else mailbox.dropped.push('drop' in attempt ? attempt.drop : attempt.retry)
}
