import type { HostTable } from '../areas/area.ts'
import { identifier, join, type Sql, sql } from '../database/sql.ts'
import { statement } from '../database/transaction.ts'
import type { Runtime } from '../runtime.ts'
import type { UserId } from '../user-id.ts'

/** Rows of one of the host's tables, a batch at a time. */
export interface HostSection {
  name: string
  rows: AsyncIterable<readonly unknown[]>
}

/** The host's own columns of the user, as `accountData` says, by the names of their properties. */
export async function readHostUser(runtime: Runtime, userId: UserId): Promise<Record<string, unknown>> {
  const { exportUser, tables } = runtime
  if (exportUser.length === 0) return {}
  const columns = exportUser.map(
    ({ property, column }) => sql`u.${identifier(column)} as ${identifier(property)}`,
  )
  const [row] = await statement<Record<string, unknown>>(
    runtime,
    sql`select ${join(columns, sql`, `)} from ${tables.user.name} u where u.id = ${userId}`,
  )
  return Object.fromEntries(exportUser.map(({ property, read }) => [property, read(row?.[property] ?? null)]))
}

/** The host's own tables, as `accountData` says, whatever filters their entities have: what is kept is handed out. Each batch has an EntityManager of its own, which goes with it. */
export function hostSections(runtime: Runtime, userId: UserId): HostSection[] {
  const { tables } = runtime.accountData
  const names = tables.map(({ entity }) => entity.name)
  return tables.flatMap(({ entity, owner, export: exported }) => {
    if ('omitted' in exported) return []
    const isTwice = names.filter((name) => name === entity.name).length > 1
    const name = isTwice ? `${entity.name}.${owner}` : entity.name
    return [{ name, rows: rowsOf(runtime, { entity, owner, exported }, [userId]) }]
  })
}

/** The same of what belongs to somebody by an area: rows of what nobody else has part in. */
export function areaSections(runtime: Runtime, userId: UserId): HostSection[] {
  return runtime.areas.flatMap(({ hostTables }) =>
    (hostTables?.tables ?? []).flatMap(({ entity, owner, export: exported }) =>
      hostTables === undefined || 'omitted' in exported
        ? []
        : [
            {
              name: `${entity.name}.${owner}`,
              rows: rowsOfArea(runtime, { entity, owner, exported }, hostTables.idsOf(userId)),
            },
          ],
    ),
  )
}

interface Exported extends Pick<HostTable, 'entity' | 'owner'> {
  exported: Exclude<HostTable['export'], { omitted: string }>
}

async function* rowsOfArea(
  runtime: Runtime,
  table: Exported,
  ids: Sql,
): AsyncGenerator<readonly unknown[], void, void> {
  const owners = await statement<{ id: string }>(runtime, ids)
  if (owners.length > 0)
    yield* rowsOf(
      runtime,
      table,
      owners.map(({ id }) => id),
    )
}

async function* rowsOf(
  { orm, policy }: Runtime,
  { entity, owner, exported }: Exported,
  ids: readonly string[],
): AsyncGenerator<readonly unknown[], void, void> {
  const keys = orm.getMetadata().get(entity).primaryKeys
  const orderBy = Object.fromEntries(keys.map((key) => [key, 'asc' as const]))
  const first = policy.export.batchRows
  for (let after: string | undefined; ;) {
    const page = await orm.em.fork().findByCursor(entity, {
      where: { [owner]: { $in: [...ids] } },
      first,
      orderBy,
      includeCount: false,
      filters: false,
      ...(after === undefined ? {} : { after }),
    })
    // The type of the row is checked where the table is declared, by `accountTable` and its like.
    yield page.items.map((row): unknown => Reflect.apply(exported, undefined, [row]))
    if (!page.hasNextPage || page.endCursor === null) return
    after = page.endCursor
  }
}
