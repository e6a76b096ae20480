import { parseJson } from './parse-json.ts'

/** What the entities were when the last migration was made. MikroORM writes it with each one: no edit of the owner's. */
export const snapshotFile = 'migrations/.snapshot.json'

/** Where tables of retired features wait, beside the snapshot: nothing compares the entities with them. */
export const shelfName = '.retired.json'

export interface SnapshotAndShelf {
  snapshot: string
  /** Tables of retired features as they were last; `null` when there are none. */
  shelf: string | null
}

/**
 * Moves the tables of retired features out of the snapshot, so that no difference drops them, and those of any other
 * feature back into it, so that a feature that returns finds its tables and one that is purged loses them.
 *
 * @param away Tables of retired features.
 */
export function settleTables(
  { snapshot, shelf }: SnapshotAndShelf,
  away: ReadonlySet<string>,
): SnapshotAndShelf {
  const shelved = tablesIn(shelf ?? '{}')
  const leaving = tablesIn(snapshot).filter((table) => isNamed(table, away))
  const returning = shelved.filter((table) => !isNamed(table, away))
  if (leaving.length === 0 && returning.length === 0) return { snapshot, shelf }

  const kept = tablesIn(snapshot).filter((table) => !isNamed(table, away))
  const waiting = shelved.filter((table) => isNamed(table, away))
  return {
    snapshot: withTables(snapshot, joined(kept, returning)),
    shelf: formatShelf(joined(waiting, leaving)),
  }
}

/**
 * The database's snapshot as it is without some tables: they, what they hold, and every foreign key that leads to
 * them. JSON has no comments a directive could stand in, and one more file per combination would drift.
 *
 * @param text As MikroORM writes it; comes back in the same form, and unchanged where no such table is in it.
 */
export function withoutTables(text: string, tables: ReadonlySet<string>): string {
  const all = tablesIn(text)
  const kept = all.filter((table) => !isNamed(table, tables))
  if (kept.length === all.length) return text
  return withTables(
    text,
    kept.map((table) => withoutKeysTo(table, tables)),
  )
}

/** In the order in which MikroORM writes them, which is that of their names: other names stand in another order. */
export function sortTables(text: string): string {
  return withTables(text, tablesIn(text).toSorted(byName))
}

/** A snapshot with some tables of another one, as it would be after their migration. */
export function joinTables(text: string, other: string, tables: ReadonlySet<string>): string {
  const added = tablesIn(other).filter((table) => isNamed(table, tables))
  return withTables(text, joined(tablesIn(text), added))
}

/** Each table once: a run that was killed leaves it in both files. */
function joined(ours: readonly unknown[], added: readonly unknown[]): readonly unknown[] {
  const names = new Set(ours.map(nameOf))
  return [...ours, ...added.filter((table) => !names.has(nameOf(table)))].sort(byName)
}

function formatShelf(tables: readonly unknown[]): string | null {
  return tables.length === 0 ? null : `${JSON.stringify({ tables }, null, 2)}\n`
}

function tablesIn(text: string): readonly unknown[] {
  const snapshot = parseJson(text, 'the snapshot of the database')
  return isRecord(snapshot) && Array.isArray(snapshot['tables']) ? snapshot['tables'] : []
}

/** In the form in which MikroORM writes it. */
function withTables(text: string, tables: readonly unknown[]): string {
  const snapshot = parseJson(text, 'the snapshot of the database')
  return JSON.stringify({ ...(isRecord(snapshot) ? snapshot : {}), tables }, null, 2)
}

function byName(one: unknown, other: unknown): number {
  return nameOf(one) < nameOf(other) ? -1 : 1
}

function nameOf(table: unknown): string {
  return isRecord(table) ? String(table['name']) : ''
}

function withoutKeysTo(table: unknown, tables: ReadonlySet<string>): unknown {
  if (!isRecord(table) || !isRecord(table['foreignKeys'])) return table
  const keys = Object.entries(table['foreignKeys'])
  return { ...table, foreignKeys: Object.fromEntries(keys.filter(([, key]) => !leadsTo(key, tables))) }
}

function isNamed(table: unknown, tables: ReadonlySet<string>): boolean {
  return tables.has(nameOf(table))
}

/** `public.users` and `users` are the same table. */
function leadsTo(key: unknown, tables: ReadonlySet<string>): boolean {
  const name = isRecord(key) ? String(key['referencedTableName']) : ''
  return tables.has(name.slice(name.lastIndexOf('.') + 1))
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
