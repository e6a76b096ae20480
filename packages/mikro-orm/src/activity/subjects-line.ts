import { subjectViews } from '../audit/audit-actions.ts'
import type { SubjectView } from '../audit/subject-view.ts'
import { knownAreas } from '../areas.ts'
import type { AreaDeclaration } from '../areas/area.ts'
import { type Sql, sql } from '../database/sql.ts'
import type { Runtime } from '../runtime.ts'

/** What people see of every action there is, areas' included that an app does not have. */
export const knownViews: Readonly<Record<string, SubjectView>> = { ...subjectViews, ...viewsOf(knownAreas) }

type Reading = Pick<Runtime, 'areas'>

/**
 * Whether whom a line `e` of the audit log is about sees it. An action that is in no catalogue is not shown: what lines of it
 * hold is not known. That of an area which the app no longer has still is.
 */
export function isShown(runtime: Reading): Sql {
  return isOneOf(actionsThat(runtime, (view) => view !== 'hidden'))
}

/** Whether they may say that it was not them: nobody needs to where nothing came of it. */
export function canDispute(runtime: Reading): Sql {
  return sql`(e.outcome = 'success' and ${isOneOf(actionsThat(runtime, (view) => view === 'disputable'))})`
}

/** Who did it: by its kind, too, because a service account 5 is not the user 5. */
export const actorOf = sql`case when e.actor_id is null then 'unknown'
  when e.actor_id = e.subject_id and e.actor_kind = 'user' and e.effective_id is null then 'self' else 'other' end`

/** What tells where somebody was, of a line that nobody else is known to have caused. */
export function subjectsOwn(column: Sql): Sql {
  return sql`case when ${actorOf} <> 'other' then ${column} end`
}

function isOneOf(actions: readonly string[]): Sql {
  return sql`e.action = any(${actions}::varchar[])`
}

function actionsThat({ areas }: Reading, fits: (view: SubjectView) => boolean): string[] {
  const views = { ...knownViews, ...viewsOf(areas.map(({ declaration }) => declaration)) }
  return Object.entries(views).flatMap(([action, view]) => (fits(view) ? [action] : []))
}

function viewsOf(areas: readonly AreaDeclaration[]): Record<string, SubjectView> {
  const actions = areas.flatMap(({ auditActions }) => Object.entries(auditActions))
  return Object.fromEntries(actions.map(([action, { subject }]) => [action, subject]))
}
