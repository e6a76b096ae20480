import type { NoticeCause } from '../areas/area.ts'
import { sql, type Sql } from '../database/sql.ts'
import { databaseNow } from '../database/transaction.ts'
import { isGone } from '../deletion/gone.ts'
import { isOrWasAddress, typedFormer } from '../email-change/undoable-change.ts'
import type { Runtime } from '../runtime.ts'
import type { NoticeMail } from './mail-payload.ts'

/**
 * The event `e` of a notice and its user `u`, as long as the address is the one they had then, or would have again if the
 * change of it was undone. What tells an address that it was left for good goes there all the same: it holds no link. Nobody is told anything of an account that is gone.
 */
export function subjectOf(runtime: Runtime, mail: NoticeMail): Sql {
  const { tables } = runtime
  const address = sql`${mail.address}::varchar`
  const isTheirs =
    mail.kind === 'emailLeft'
      ? sql`exists (select from ${tables.userEmailChange.name} c where ${wasLeft(address)})`
      : isOrWasAddress(tables, address, databaseNow(runtime))
  const isReader = isToOthers(runtime, mail) ? sql`true` : sql`e.subject_id = u.id::text`
  return sql`${tables.user.name} u join ${tables.auditEvent.name} e on ${isReader}
    where e.id = ${mail.eventId} and ${isTheirs} and not ${isGone(databaseNow(runtime))}
      and (${causeOf(runtime, mail)}) is not null`
}

/** Whether its cause alone says who reads it. */
function isToOthers({ areas }: Runtime, { kind }: NoticeMail): boolean {
  return areas.some(({ declaration }) => declaration.plainNotices?.[kind]?.isToOthers === true)
}

/** Why a notice finds nobody to tell. */
export function whyNobody(runtime: Runtime, { kind }: NoticeMail): string {
  return findCause(runtime, kind) === undefined ? 'no such user' : 'no longer true'
}

/** What a notice of an area says beside its line `e`; null where there is nothing to tell of any more. */
export function causeOf(runtime: Runtime, { kind }: NoticeMail): Sql {
  const cause = findCause(runtime, kind)
  return cause === undefined
    ? sql`'{}'::jsonb`
    : cause({ tables: runtime.tables, areas: runtime.areas, now: databaseNow(runtime) })
}

/** The address of a notice as `u` typed it. */
export function typedAddress(runtime: Runtime, { kind, address }: NoticeMail): Sql {
  const { tables } = runtime
  const left = sql`(select max(c.old_email) from ${tables.userEmailChange.name} c where ${wasLeft(sql`${address}::varchar`)})`
  if (kind === 'emailLeft') return left
  return sql`case when u.email_canonical = ${address} then u.email
    else ${typedFormer(tables, sql`${address}::varchar`, databaseNow(runtime))} end`
}

/** By the change `c` that the event `e` is about. */
function wasLeft(address: Sql): Sql {
  return sql`c.user_id = u.id and c.id::text = e.target_id and c.old_email_canonical = ${address}`
}

function findCause({ areas }: Runtime, kind: string): NoticeCause | undefined {
  return areas.flatMap(({ causes = {} }) => (Object.hasOwn(causes, kind) ? (causes[kind] ?? []) : []))[0]
}

/**
 * What a dispute is about: the link in its mail takes away what a notice about that event would. `null` beside every other
 * event. Only here is a target known to be a UUID.
 */
export const disputedEvent: Sql = sql`case when e.action = 'security.disputed' then e.target_id::uuid end`
