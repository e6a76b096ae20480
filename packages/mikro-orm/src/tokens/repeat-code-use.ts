import { type CanonicalEmail, deriveMailedCode, isEqualConstantTime, type MailedToken } from '@sigra/core'
import type { Caller } from '../caller.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import type { CodeKind } from './reserve-code-try.ts'
import { isRepeatable, type RepeatedUse, repeatedColumns } from './repeat-token-use.ts'

interface RepeatedRow extends RepeatedUse {
  keyId: string
  selector: MailedToken['selector']
}

/**
 * The same as `repeatTokenUse`, for a code that was typed: of those used by code, the last one of that address. The
 * repeat is taken before the code is looked at, and a wrong one does not get it back. One statement, whoever is there.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function repeatCodeUse(
  tx: Transaction,
  caller: Caller,
  purpose: CodeKind['purpose'],
  { address, code }: { address: CanonicalEmail; code: string },
): Promise<RepeatedUse | null> {
  const { user, userToken } = tx.tables
  const [row] = await tx.rows<RepeatedRow>(sql`
    update ${userToken.name} t set repeat_count = t.repeat_count + 1 from ${user.name} u
    where u.email_canonical = ${address} and t.user_id = u.id and t.purpose = ${purpose}
      and t.sent_to = u.email_canonical and ${isRepeatable(caller, 'code', tx.now)}
      and t.used_at = (select max(l.used_at) from ${userToken.name} l
        where l.user_id = u.id and l.purpose = ${purpose})
    returning ${repeatedColumns}, t.key_id as "keyId", t.selector`)
  if (!row) return null
  const { keyId, selector, ...repeated } = row
  const expected = deriveMailedCode(tx.runtime.ring, purpose, keyId, selector)
  if (expected === null) return null
  return isEqualConstantTime(Buffer.from(expected), Buffer.from(code)) ? repeated : null
}
