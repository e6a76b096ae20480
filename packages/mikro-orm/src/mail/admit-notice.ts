import { sql, type Sql } from '../database/sql.ts'
import { databaseNow, newId, statement } from '../database/transaction.ts'
import type { Runtime } from '../runtime.ts'
import type { Admission } from './mail-outcome.ts'
import type { DisputableNotice, NoticeMail } from './mail-payload.ts'
import { causeOf, disputedEvent, subjectOf, typedAddress, whyNobody } from './notice-subject.ts'
import { deriveNoticeToken } from './notice-token.ts'

/** Lets a notice out to the address the user had when it happened, if it is still theirs; else to nobody. */
export async function admitNotice(runtime: Runtime, mail: NoticeMail): Promise<Admission> {
  if ('selector' in mail) return admitDisputableNotice(runtime, mail)
  const [user] = await statement<{ email: string }>(
    runtime,
    sql`select ${typedAddress(runtime, mail)} as email from ${subjectOf(runtime, mail)}`,
  )
  return user ? { to: user.email } : { drop: whyNobody(runtime, mail) }
}

/**
 * The same with its link, whose row is made at the first attempt and found by later ones: in one statement, the user
 * before the token as everywhere. Bound to no browser: whoever did it was in one, and the owner may read mail in any.
 */
async function admitDisputableNotice(runtime: Runtime, mail: DisputableNotice): Promise<Admission> {
  const token = deriveNoticeToken(runtime, mail)
  if (!token) return { retry: 'unknown key id' }
  const { userToken } = runtime.tables
  const [subject] = await statement<{ email: string; isUsable: boolean }>(
    runtime,
    sql`
    with t as materialized (select ${databaseNow(runtime)} as now),
    subject as materialized (
      select u.id, ${typedAddress(runtime, mail)} as email, e.occurred_at, coalesce(${disputedEvent}, e.id) as event_id,
        ${lastsUntil(runtime, mail)} as lasts_until
      from ${subjectOf(runtime, mail)} for no key update of u
    ), kept as (
      insert into ${userToken.name} as k
        (id, user_id, purpose, key_id, selector, token_hash, sent_to, event_id, requested_at, expires_at, created_at)
      select ${newId({ runtime, tables: runtime.tables }, userToken)}, s.id, ${token.purpose}, ${token.keyId}, ${token.selector}, ${token.hash},
        ${mail.address}, s.event_id, s.occurred_at,
        greatest(s.occurred_at + ${runtime.policy.notMe.linkDays * 24 * 60} * interval '1 minute', s.lasts_until), t.now
      from subject s, t
      on conflict (selector) do update set key_id = k.key_id
      returning k.used_at is null and k.superseded_at is null and k.expires_at > (select now from t) as is_usable
    )
    select s.email, (select is_usable from kept) as "isUsable" from subject s`,
  )
  if (!subject) return { drop: whyNobody(runtime, mail) }
  return subject.isUsable ? { to: subject.email } : { drop: 'link used or too old' }
}

/** A link that ends a deletion works as long as there is one to end. */
function lastsUntil(runtime: Runtime, mail: DisputableNotice): Sql {
  const endsOne = mail.kind === 'deletionScheduled' || mail.kind === 'deletionReminder'
  return endsOne ? sql`u.delete_after` : sql`((${causeOf(runtime, mail)}) ->> 'lastsUntil')::timestamptz`
}
