import type { TransactionOf } from '../database/transaction-of.ts'
import { join, type Sql, sql } from '../database/sql.ts'

/**
 * What an area keeps beside a session: columns of its row, or rows of its own that belong to it. A session that is only
 * given another token keeps its row, and these with it. Where a session is made in the place of another, they are taken along.
 */
export interface Companion {
  /** Unlike any other's. */
  name: string
  /** What to take along, as `jsonb` over the row of sessions `s` that is about to go; null for nothing. */
  taken: Sql
  /** Puts it beside the session that was made in that one's place: a full one, or one that waits for its next step. */
  put(tx: TransactionOf<unknown>, sessionId: string, taken: unknown): Promise<void>
}

/** Everything that was taken along, by the companion's name. */
export type Taken = Readonly<Record<string, unknown>>

interface Accompanied {
  readonly areas: readonly { readonly companions?: readonly Companion[] }[]
}

/** What all areas take along, as one value over the row `s`. */
export function takenAlong({ areas }: Accompanied): Sql {
  const pairs = companionsOf(areas).map(({ name, taken }) => sql`${name}::text, ${taken}`)
  return pairs.length === 0 ? sql`'{}'::jsonb` : sql`jsonb_build_object(${join(pairs, sql`, `)})`
}

/** Puts what was taken along beside the new session. Without any it is no statement. */
export async function putBeside(
  tx: TransactionOf<Accompanied>,
  sessionId: string,
  taken: Taken,
): Promise<void> {
  for (const { name, put } of companionsOf(tx.runtime.areas)) {
    const value = taken[name] ?? null
    if (value !== null) await put(tx, sessionId, value)
  }
}

function companionsOf(areas: Accompanied['areas']): readonly Companion[] {
  return areas.flatMap(({ companions = [] }) => companions)
}
