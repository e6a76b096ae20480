import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import type { UserId } from '../user-id.ts'

/** Where nothing is left to be asked for as a second step, the wish for one goes, and the codes that stand in for it. */
export async function forgetSecondStep(tx: Transaction, userId: UserId): Promise<void> {
  const { user, userBackupCode, userTotp, passkeys } = tx.tables
  const hasPasskey = passkeys
    ? sql`exists (select from ${passkeys.userPasskey.name} f where f.user_id = u.id)`
    : sql`false`
  await tx.rows(sql`
    with bare as (
      update ${user.name} u set require_second_step = false
      where u.id = ${userId} and not ${hasPasskey}
        and not exists (select from ${userTotp.name} f where f.user_id = u.id and f.activated_at is not null)
      returning u.id
    )
    delete from ${userBackupCode.name} c using bare where c.user_id = bare.id`)
}
