import { iso, sql, type Sql } from '../database/sql.ts'
import type { Runtime } from '../runtime.ts'
import type { UserId } from '../user-id.ts'

/** Part of an export: rows, read a batch at a time. */
export interface Section {
  name: string
  /**
   * The batch after a cursor; each row has `row`, what is handed out, and `cursor`. Columns are named one by one: a new one
   * is in no export before somebody thought about it.
   */
  batch(cursor: string | null, limit: number): Sql
}

/** What a row of a batch is. */
export interface ExportedRow {
  row: unknown
  cursor: string
}

type Reading = Pick<Runtime, 'tables' | 'areas'>

/** What there is one of: the account, without what only machines have a use for. */
export function accountQuery({ tables }: Reading, userId: UserId): Sql {
  return sql`
    select jsonb_build_object('id', u.id::text, 'email', u.email, 'createdAt', ${iso(sql`u.created_at`)},
      'confirmedAt', ${iso(sql`u.confirmed_at`)}, 'hasPassword', u.hashed_password is not null,
      'passwordChangedAt', ${iso(sql`u.password_changed_at`)}, 'requireSecondStep', u.require_second_step,
      'firstSignedInAt', ${iso(sql`u.first_signed_in_at`)}, 'deletionRequestedAt', ${iso(sql`u.deletion_requested_at`)},
      'deleteAfter', ${iso(sql`u.delete_after`)}) as row
    from ${tables.user.name} u where u.id = ${userId}`
}

/** The second factors of accounts, without their secrets. */
export function factorsQuery({ tables }: Reading, userId: UserId): Sql {
  return sql`
    select jsonb_build_object(
      'authenticatorApp', (select jsonb_build_object('addedAt', ${iso(sql`t.activated_at`)})
        from ${tables.userTotp.name} t where t.user_id = ${userId} and t.activated_at is not null),
      'backupCodesLeft', (select count(*)::int from ${tables.userBackupCode.name} c
        where c.user_id = ${userId} and c.used_at is null)) as row`
}

/** Lists of the account's own tables, in the order they are written. */
export function ownSections({ tables }: Reading, userId: UserId, until: string): readonly Section[] {
  const { userSession, userKnownBrowser, userEmailChange, userConsent, auditEvent } = tables
  return [
    {
      name: 'sessions',
      batch: (cursor, limit) => sql`
        select jsonb_build_object('startedAt', ${iso(sql`s.created_at`)}, 'lastSeenAt', ${iso(sql`s.last_seen_at`)},
          'expiresAt', ${iso(sql`s.expires_at`)}, 'ip', s.ip, 'userAgent', s.user_agent) as row, s.id::text as cursor
        from ${userSession.name} s where s.user_id = ${userId} and ${after(tables, sql`s.id`, cursor)}
        order by s.id limit ${limit}`,
    },
    {
      name: 'browsers',
      batch: (cursor, limit) => sql`
        select jsonb_build_object('firstSeenAt', ${iso(sql`b.created_at`)}, 'lastSeenAt', ${iso(sql`b.last_seen_at`)},
          'trustedUntil', ${iso(sql`b.trusted_until`)}) as row, b.id::text as cursor
        from ${userKnownBrowser.name} b where b.user_id = ${userId} and ${after(tables, sql`b.id`, cursor)}
        order by b.id limit ${limit}`,
    },
    {
      name: 'emailChanges',
      batch: (cursor, limit) => sql`
        select jsonb_build_object('from', c.old_email, 'to', c.new_email, 'requestedAt', ${iso(sql`c.requested_at`)},
          'confirmedAt', ${iso(sql`c.confirmed_at`)}, 'cancelledAt', ${iso(sql`c.cancelled_at`)},
          'undoneAt', ${iso(sql`c.undone_at`)}) as row, c.id::text as cursor
        from ${userEmailChange.name} c where c.user_id = ${userId} and ${after(tables, sql`c.id`, cursor)}
        order by c.id limit ${limit}`,
    },
    {
      name: 'consents',
      batch: (cursor, limit) => sql`
        select jsonb_build_object('document', c.document, 'version', c.version,
          'acceptedAt', ${iso(sql`c.accepted_at`)}) as row, c.id::text as cursor
        from ${userConsent.name} c where c.user_id = ${userId} and ${after(tables, sql`c.id`, cursor)}
        order by c.id limit ${limit}`,
    },
    {
      name: 'activity',
      batch: (cursor, limit) => sql`
        select jsonb_build_object('at', ${iso(sql`e.occurred_at`)}, 'action', e.action, 'outcome', e.outcome, 'ip', e.ip,
          'userAgent', e.user_agent) as row, e.occurred_at::text || ' ' || e.id::text as cursor
        from ${auditEvent.name} e
        where e.subject_id = ${userId}::text and e.occurred_at <= ${until}::timestamptz and ${afterEvent(cursor)}
        order by e.occurred_at, e.id limit ${limit}`,
    },
  ]
}

function after({ idType }: Reading['tables'], id: Sql, cursor: string | null): Sql {
  if (cursor === null) return sql`true`
  return idType === 'uuid' ? sql`${id} > ${cursor}::uuid` : sql`${id} > ${cursor}::bigint`
}

/** By time and then id, as its index has them. */
function afterEvent(cursor: string | null): Sql {
  if (cursor === null) return sql`true`
  const end = cursor.lastIndexOf(' ')
  return sql`(e.occurred_at, e.id) > (${cursor.slice(0, end)}::timestamptz, ${cursor.slice(end + 1)}::uuid)`
}
