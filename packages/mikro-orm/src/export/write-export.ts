import { statement } from '../database/transaction.ts'
import type { Sql } from '../database/sql.ts'
import type { Runtime } from '../runtime.ts'
import type { UserId } from '../user-id.ts'
import { accountQuery, type ExportedRow, factorsQuery, ownSections, type Section } from './export-sections.ts'
import { areaSections, hostSections, readHostUser } from './host-sections.ts'

/** Of the library's part of an export. It is raised when that changes its shape. */
export const EXPORT_SCHEMA_VERSION = 1

/**
 * Writes an export as JSON, piece by piece: the next batch is read when somebody asks for it, each by a statement of its
 * own. Nothing is stored, no transaction is open, and what is in memory is one batch.
 *
 * @throws {ExportTooSlow} `SIGRA_EXPORT_TOO_SLOW` when the time of the policy is over: what was written is cut off.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function* writeExport(
  runtime: Runtime,
  userId: UserId,
  exportedAt: string,
): AsyncGenerator<string, void, void> {
  const [account] = await statement<Pick<ExportedRow, 'row'>>(runtime, accountQuery(runtime, userId))
  const [factors] = await statement<Pick<ExportedRow, 'row'>>(runtime, factorsQuery(runtime, userId))
  const head = {
    schemaVersion: EXPORT_SCHEMA_VERSION,
    exportedAt,
    account: account?.row,
    factors: factors?.row,
  }
  yield JSON.stringify(head).slice(0, -1)
  for (const section of ownSections(runtime, userId, exportedAt)) {
    yield `,${JSON.stringify(section.name)}:`
    yield* writeRows(runtime, section)
  }
  yield ',"areas":{'
  let separator = ''
  for (const { declaration, exported } of runtime.areas) {
    if (exported === undefined) continue
    yield `${separator}${JSON.stringify(declaration.name)}:`
    yield* writeRows(runtime, { name: declaration.name, batch: (...at) => exported(userId, ...at) })
    separator = ','
  }
  yield '},"host":{'
  yield `"version":${runtime.accountData.version},"user":${JSON.stringify(await readHostUser(runtime, userId))}`
  for (const { name, rows } of [...hostSections(runtime, userId), ...areaSections(runtime, userId)]) {
    yield `,${JSON.stringify(name)}:`
    yield* writeList(rows)
  }
  yield `},"omitted":${JSON.stringify(omittedOf(runtime))}}`
}

async function* writeRows(runtime: Runtime, section: Section): AsyncGenerator<string, void, void> {
  yield* writeList(batchesOf(runtime, section))
}

async function* batchesOf(
  runtime: Runtime,
  { batch }: Section,
): AsyncGenerator<readonly unknown[], void, void> {
  const { batchRows } = runtime.policy.export
  for (let cursor: string | null = null; ;) {
    const query: Sql = batch(cursor, batchRows)
    const rows: ExportedRow[] = await statement<ExportedRow>(runtime, query)
    yield rows.map(({ row }) => row)
    cursor = rows.at(-1)?.cursor ?? null
    if (rows.length < batchRows || cursor === null) return
  }
}

async function* writeList(batches: AsyncIterable<readonly unknown[]>): AsyncGenerator<string, void, void> {
  let separator = '['
  for await (const rows of batches) {
    if (rows.length === 0) continue
    yield separator + rows.map((row) => JSON.stringify(row)).join(',')
    separator = ','
  }
  yield separator === '[' ? '[]' : ']'
}

/** What is kept about the person and not in the file, and why. */
function omittedOf({ accountData, areas }: Pick<Runtime, 'accountData' | 'areas'>): Omitted[] {
  const { user } = accountData
  const tables = [...accountData.tables, ...areas.flatMap(({ hostTables }) => hostTables?.tables ?? [])]
  const columns = Object.entries(user?.omitted ?? {}).map(([column, reason = '']) => ({ column, reason }))
  const left = tables.flatMap(({ entity, export: exported }) =>
    'omitted' in exported ? [{ table: entity.name, reason: exported.omitted }] : [],
  )
  return [...columns, ...left]
}

/** A column of the user, or a table. */
type Omitted = { column: string; reason: string } | { table: string; reason: string }
