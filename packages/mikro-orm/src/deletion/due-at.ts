import { sql, type Sql } from '../database/sql.ts'
import { isUndoable } from '../email-change/undoable-change.ts'
import type { Runtime } from '../runtime.ts'

/**
 * From when on the deletion of the user's row `u` is due if it is asked for now: after the grace, and not before nobody can undo
 * a change of its address any more. Whoever took the account over by one must not have it deleted first.
 */
export function dueAt({ policy, tables }: Pick<Runtime, 'policy' | 'tables'>, now: Sql): Sql {
  return sql`greatest(${now} + ${policy.deletion.graceDays * 24 * 60} * interval '1 minute',
    (select max(c.undo_until) from ${tables.userEmailChange.name} c where c.user_id = u.id and ${isUndoable(now)}))`
}
