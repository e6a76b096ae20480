import { join, sql, type Sql } from '../database/sql.ts'
import { isUndoable } from '../email-change/undoable-change.ts'
import type { Runtime } from '../runtime.ts'

/**
 * From when on the deletion of the user's row `u` is due if it is asked for now: after the grace, and not before nobody can undo
 * a change of its address any more, or what areas wait for. Whoever took the account over must not have it deleted first.
 */
export function dueAt(
  { policy, tables, areas }: Pick<Runtime, 'policy' | 'tables' | 'areas'>,
  now: Sql,
): Sql {
  const ends = [
    sql`${now} + ${policy.deletion.graceDays * 24 * 60} * interval '1 minute'`,
    sql`(select max(c.undo_until) from ${tables.userEmailChange.name} c where c.user_id = u.id and ${isUndoable(now)})`,
    ...areas.flatMap((area) => area.keepsAccountUntil?.(now) ?? []),
  ]
  return sql`greatest(${join(ends, sql`, `)})`
}
