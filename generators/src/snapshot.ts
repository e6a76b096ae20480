import { parseJson } from './intent-file.ts'

/**
 * The database's snapshot as it is without some tables: they, what they hold, and every foreign key that leads to
 * them. JSON has no comments a directive could stand in, and one more file per combination would drift.
 *
 * @param text As MikroORM writes it; comes back in the same form, and unchanged where no such table is in it.
 */
export function withoutTables(text: string, tables: ReadonlySet<string>): string {
  const snapshot = parseJson(text, 'migrations/.snapshot.json')
  if (!isRecord(snapshot) || !Array.isArray(snapshot['tables'])) return text
  const kept = snapshot['tables'].filter((table: unknown) => !isNamed(table, tables))
  if (kept.length === snapshot['tables'].length) return text
  return JSON.stringify(
    { ...snapshot, tables: kept.map((table: unknown) => withoutKeysTo(table, tables)) },
    null,
    2,
  )
}

function withoutKeysTo(table: unknown, tables: ReadonlySet<string>): unknown {
  if (!isRecord(table) || !isRecord(table['foreignKeys'])) return table
  const keys = Object.entries(table['foreignKeys'])
  return { ...table, foreignKeys: Object.fromEntries(keys.filter(([, key]) => !leadsTo(key, tables))) }
}

function isNamed(table: unknown, tables: ReadonlySet<string>): boolean {
  return isRecord(table) && tables.has(String(table['name']))
}

/** `public.users` and `users` are the same table. */
function leadsTo(key: unknown, tables: ReadonlySet<string>): boolean {
  const name = isRecord(key) ? String(key['referencedTableName']) : ''
  return tables.has(name.slice(name.lastIndexOf('.') + 1))
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
