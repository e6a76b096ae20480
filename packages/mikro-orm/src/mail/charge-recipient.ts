import type { CanonicalEmail } from '@sigra/core'
import { decodeCanonical } from '@sigra/core'
import { sql } from '../database/sql.ts'
import { statement } from '../database/transaction.ts'
import { chargeLimits } from '../limits/charge-limits.ts'
import type { Runtime } from '../runtime.ts'
import { foldAddress } from './fold-address.ts'
import type { GuidanceMail, TokenMail } from './mail-payload.ts'
import { sourceOf } from './mail-source.ts'

/**
 * Charges what one mailbox may receive, from however many networks it is asked. A browser known to the account has
 * tokens of its own, so that a flood does not keep the owner from a reset. Beyond it the mail is dropped
 * and, once per mailbox and window, audited.
 */
export async function chargeRecipient(runtime: Runtime, mail: TokenMail | GuidanceMail): Promise<boolean> {
  const { anyBrowser, knownBrowser } = runtime.policy.limits.recipient
  if (await isKnownBrowser(runtime, mail.address, mail.browserHash)) {
    const subject = `${mail.address} ${mail.browserHash}`
    const own = await chargeLimits(
      runtime,
      [],
      [{ name: 'mail.known-browser', subject, bucket: knownBrowser }],
    )
    if (own.ok) return true
  }
  const everyone = { name: 'mail.recipient', subject: foldAddress(mail.address), bucket: anyBrowser }
  return (await chargeLimits(runtime, [], [everyone], sourceOf(mail))).ok
}

async function isKnownBrowser(
  runtime: Runtime,
  address: CanonicalEmail,
  browserHash: string | null,
): Promise<boolean> {
  if (browserHash === null) return false
  const { user, userKnownBrowser } = runtime.tables
  const rows = await statement(
    runtime,
    sql`
    select 1 from ${userKnownBrowser.name} b join ${user.name} u on u.id = b.user_id
    where u.email_canonical = ${address} and b.browser_hash = ${decodeCanonical(browserHash)}`,
  )
  return rows.length > 0
}
