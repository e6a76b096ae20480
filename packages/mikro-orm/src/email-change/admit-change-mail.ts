import { admitAddress } from '../addresses/admit-address.ts'
import { sql } from '../database/sql.ts'
import { inTransaction } from '../database/transaction.ts'
import { TOO_MANY_MAILS } from '../mail/admit-requested-mails.ts'
import { chargeMailbox } from '../mail/charge-recipients.ts'
import type { Admission } from '../mail/mail-outcome.ts'
import type { ChangeMail } from '../mail/mail-payload.ts'
import { deriveChangeToken } from '../mail/requested-token.ts'
import type { Runtime } from '../runtime.ts'
import { isUsable } from '../tokens/usable-token.ts'
import type { UserId } from '../user-id.ts'

/**
 * Lets the mail to a new address out where somebody still waits for it, and may have the address. Who has one already gets
 * another mail, which was asked for at the same time; for one that is held, nobody gets any.
 */
export async function admitChangeMail(runtime: Runtime, mail: ChangeMail): Promise<Admission> {
  const token = deriveChangeToken(runtime, mail)
  if (!token) return { retry: 'unknown key id' } // in a rolling deploy another attempt will find the key
  const found = await inTransaction<Admission>(runtime, async (tx) => {
    const { user, userEmailChange, userToken } = tx.tables
    const [change] = await tx.rows<{ userId: UserId; to: string; isTaken: boolean }>(sql`
      select u.id::text as "userId", c.new_email as to,
        exists (select from ${user.name} o where o.email_canonical = t.sent_to) as "isTaken"
      from ${userToken.name} t, ${user.name} u, ${userEmailChange.name} c
      where ${isUsable(token, tx.now, tx.tables)} and c.user_id = u.id and c.new_email_canonical = t.sent_to
        and c.confirmed_at is null and c.cancelled_at is null`)
    if (!change) return { drop: 'link used or superseded' }
    if (change.isTaken) return { drop: 'address in use' }
    const admitted = await admitAddress(tx, mail.address, { way: 'change', userId: change.userId })
    return admitted.ok ? { to: change.to } : { drop: 'address held' }
  })
  if (!('to' in found)) return found
  return (await chargeMailbox(runtime, mail)) ? found : { drop: TOO_MANY_MAILS }
}
