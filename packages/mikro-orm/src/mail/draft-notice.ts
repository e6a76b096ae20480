import { subjectsOwn } from '../activity/subjects-line.ts'
import { milliseconds, type Sql, sql } from '../database/sql.ts'
import { statement } from '../database/transaction.ts'
import type { Runtime } from '../runtime.ts'
import { describeDisputableNotice, describePlainNotice, type NoticeSource } from './describe-notice.ts'
import type { MailReader } from './find-mail-readers.ts'
import type { Draft } from './mail-outcome.ts'
import type { NoticeMail } from './mail-payload.ts'
import { deriveNoticeToken } from './notice-token.ts'
import { changeColumns } from '../email-change/describe-change.ts'
import { causeOf, disputedEvent, subjectOf, whyNobody } from './notice-subject.ts'

/** A notice about an event. It renders from the line of the audit log; where there is nobody to tell, there is none. */
export async function draftNotice(runtime: Runtime, mail: NoticeMail, reader: MailReader): Promise<Draft> {
  if (!('selector' in mail)) {
    const event = await findEvent(runtime, mail)
    return event
      ? { draft: describePlainNotice(runtime, mail, event, reader) }
      : { drop: whyNobody(runtime, mail) }
  }
  const token = deriveNoticeToken(runtime, mail)
  if (!token) return { retry: 'unknown key id' } // in a rolling deploy another attempt will find the key
  const event = await findEvent(runtime, mail)
  return event
    ? { draft: describeDisputableNotice(runtime, mail, event, reader, token) }
    : { drop: whyNobody(runtime, mail) }
}

async function findEvent(runtime: Runtime, mail: NoticeMail): Promise<NoticeSource | null> {
  const [event] = await statement<NoticeSource>(
    runtime,
    sql`
    select ${milliseconds(sql`e.occurred_at`)} as "occurredAt", e.ip, e.user_agent as "userAgent", e.metadata,
      (${disputedLine(runtime)}) as disputed, (${causeOf(runtime, mail)}) as cause
      ${changeColumns(runtime, mail)}
    from ${subjectOf(runtime, mail)}`,
  )
  return event ?? null
}

/** When and from where that was done which a dispute is about. */
function disputedLine({ tables }: Runtime): Sql {
  return sql`
    select json_build_object('occurredAt', ${milliseconds(sql`e.occurred_at`)}, 'ip', ${subjectsOwn(sql`e.ip`)},
      'userAgent', ${subjectsOwn(sql`e.user_agent`)})
    from (select ${disputedEvent} as id, e.subject_id) d
    join ${tables.auditEvent.name} e on e.id = d.id and e.subject_id = d.subject_id`
}
