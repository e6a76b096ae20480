import { sql } from '../database/sql.ts'
import { statement } from '../database/transaction.ts'
import { defineFlow } from '../flows/define-flow.ts'
import type { Runtime } from '../runtime.ts'
import { openTotp, sealTotp, totpPlace } from '../second-factor/totp-secret.ts'

/** What came of sealing stored secrets under the current key. */
export interface SealedAnew {
  sealed: number
  /** Sealed with a key the ring no longer has, or changed by hand: nobody can use them. */
  unreadable: number
}

interface SealedRow {
  id: string
  sealedSecret: string
}

const BATCH_ROWS = 200

/**
 * Seals every stored seed that another key than the current one sealed, so that the former key can leave the ring. It may
 * run at any time, twice, or beside a person who replaces the seed: each row changes only if it still holds what was read.
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
    let after: string | null = null
    for (;;) {
      const rows: SealedRow[] = await nextRows(runtime, after)
      for (const row of rows) done[await sealRow(runtime, row)] += 1
      after = rows.at(-1)?.id ?? null
      if (rows.length < BATCH_ROWS) return done
    }
  },
)

/** Only seeds that count: one still waiting for its first code is bound to a session, and gone within a day. */
function nextRows(runtime: Runtime, after: string | null): Promise<SealedRow[]> {
  const current = `v1.${runtime.ring.currentKeyId}.`
  return statement<SealedRow>(
    runtime,
    sql`
    select f.id::text as id, f.sealed_secret as "sealedSecret" from ${runtime.tables.userTotp.name} f
    where f.activated_at is not null and not starts_with(f.sealed_secret, ${current})
      and (${after}::text is null or f.id > ${after})
    order by f.id limit ${BATCH_ROWS}`,
  )
}

async function sealRow(runtime: Runtime, { id, sealedSecret }: SealedRow): Promise<keyof SealedAnew> {
  const secret = openTotp(runtime, sealedSecret, totpPlace(id))
  if (secret === null) return 'unreadable'
  await statement(
    runtime,
    sql`
    update ${runtime.tables.userTotp.name} set sealed_secret = ${sealTotp(runtime, secret, totpPlace(id))}
    where id = ${id} and sealed_secret = ${sealedSecret}`,
  )
  return 'sealed'
}
