import { type KeyRing, open, seal } from '@sigra/core'
import { type Sql, sql } from '../database/sql.ts'
import type { Table } from '../read-table.ts'

/** A column of an area's whose values are sealed with a key of the app's. Null where a row has none. */
export interface SealedColumn {
  /** By its name among the area's tables. Its rows have an `id`. */
  table: string
  property: string
  /** Which of an app's keys seals it: one for each purpose. */
  purpose: string
}

/** Where sealed values stand: what moves them to another key asks nothing else. */
export interface SealedPlace {
  table: Table
  column: Sql
  purpose: string
  /** Which rows `f` count. */
  counts: Sql
  /** What the value of a row is bound to: copied to another row, or to another column, it opens nothing. */
  bindTo(rowId: string): string
}

export function sealedPlace(table: Table, sealed: SealedColumn): SealedPlace {
  const column = table.column(sealed.property)
  return {
    table,
    column,
    purpose: sealed.purpose,
    counts: sql`f.${column} is not null`,
    bindTo: (rowId) => JSON.stringify([sealed.table, sealed.property, rowId]),
  }
}

/** What to store in a row. */
export function sealValue(
  ring: KeyRing,
  { purpose, bindTo }: Pick<SealedPlace, 'purpose' | 'bindTo'>,
  rowId: string,
  value: Uint8Array,
): string {
  return seal(ring, purpose, value, bindTo(rowId))
}

/** @returns `null` for what was sealed for another place, or with a key that is gone. */
export function openValue(
  ring: KeyRing,
  { purpose, bindTo }: Pick<SealedPlace, 'purpose' | 'bindTo'>,
  rowId: string,
  sealed: string,
): Uint8Array | null {
  return open(ring, purpose, sealed, bindTo(rowId))
}
