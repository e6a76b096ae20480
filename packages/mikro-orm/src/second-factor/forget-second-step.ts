import { join, sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import { credentialsOf, hasCredential } from '../door/credentials.ts'
import type { UserId } from '../user-id.ts'

/** Where nothing is left to be asked for as a second step, the wish for one goes, and the codes that stand in for it. */
export async function forgetSecondStep(tx: Transaction, userId: UserId): Promise<void> {
  const { user, userBackupCode } = tx.tables
  const factors = credentialsOf(tx.runtime).filter(({ isSecondFactor }) => isSecondFactor)
  await tx.rows(sql`
    with bare as (
      update ${user.name} u set require_second_step = false
      where u.id = ${userId} and not (${join(factors.map(hasCredential), sql` or `)})
      returning u.id
    )
    delete from ${userBackupCode.name} c using bare where c.user_id = bare.id`)
}
