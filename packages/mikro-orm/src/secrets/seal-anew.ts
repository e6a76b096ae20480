import { sql } from '../database/sql.ts'
import { statement } from '../database/transaction.ts'
import { defineFlow } from '../flows/define-flow.ts'
import type { Runtime } from '../runtime.ts'
import { TOTP_PURPOSE, totpPlace } from '../second-factor/totp-secret.ts'
import { openValue, type SealedPlace, sealValue } from './sealed-column.ts'

/** What came of sealing stored secrets under the current key. */
export interface SealedAnew {
  sealed: number
  /** Sealed with a key the ring no longer has, or changed by hand: nobody can use them. */
  unreadable: number
}

interface SealedRow {
  id: string
  sealed: string
}

const BATCH_ROWS = 200

/**
 * Seals every stored seed, and every value of an area, that another key than the current one sealed, so that the former key
 * can leave the ring. It may run at any time, twice, or beside a person who replaces one: each row changes only if it still
 * holds what was read.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const sealSecretsAnew = defineFlow(
  {
    name: 'sealSecretsAnew',
    principal: 'operator',
    changes: true,
    sudo: false,
    impersonation: 'refused',
    channel: null,
  },
  async (runtime: Runtime): Promise<SealedAnew> => {
    const done = { sealed: 0, unreadable: 0 }
    for (const place of sealedPlacesOf(runtime)) await sealPlace(runtime, place, done)
    return done
  },
)

/** A seed that still waits for its first code does not count: it is bound to a session, and gone within a day. */
function sealedPlacesOf({ tables, areas }: Runtime): readonly SealedPlace[] {
  const seeds = {
    table: tables.userTotp,
    column: tables.userTotp.column('sealedSecret'),
    purpose: TOTP_PURPOSE,
    counts: sql`f.activated_at is not null`,
    bindTo: totpPlace,
  }
  return [seeds, ...areas.flatMap(({ sealed }) => sealed)]
}

async function sealPlace(runtime: Runtime, place: SealedPlace, done: SealedAnew): Promise<void> {
  let after: string | null = null
  for (;;) {
    const rows: SealedRow[] = await nextRows(runtime, place, after)
    for (const row of rows) done[await sealRow(runtime, place, row)] += 1
    after = rows.at(-1)?.id ?? null
    if (rows.length < BATCH_ROWS) return
  }
}

function nextRows(
  runtime: Runtime,
  { table, column, counts }: SealedPlace,
  after: string | null,
): Promise<SealedRow[]> {
  const current = `v1.${runtime.ring.currentKeyId}.`
  return statement<SealedRow>(
    runtime,
    sql`
    select f.id::text as id, f.${column} as sealed from ${table.name} f
    where ${counts} and not starts_with(f.${column}, ${current})
      and (${after}::text is null or f.id > ${after})
    order by f.id limit ${BATCH_ROWS}`,
  )
}

async function sealRow(
  runtime: Runtime,
  place: SealedPlace,
  { id, sealed }: SealedRow,
): Promise<keyof SealedAnew> {
  const value = openValue(runtime.ring, place, id, sealed)
  if (value === null) return 'unreadable'
  await statement(
    runtime,
    sql`
    update ${place.table.name} set ${place.column} = ${sealValue(runtime.ring, place, id, value)}
    where id = ${id} and ${place.column} = ${sealed}`,
  )
  return 'sealed'
}
