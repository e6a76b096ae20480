import { decodeCanonical } from '@sigra/core'
import { sql } from '../database/sql.ts'
import { statement } from '../database/transaction.ts'
import { chargeLimits } from '../limits/charge-limits.ts'
import { limitKey } from '../limits/limit-key.ts'
import { recordRateLimited } from '../limits/record-rate-limited.ts'
import type { Runtime } from '../runtime.ts'
import { foldAddress } from './fold-address.ts'
import type { GuidanceMail, TokenMail } from './mail-payload.ts'
import { sourceOf } from './mail-source.ts'

// Longer than any job is tried, so that the mark does not fill up again; the sweep removes it.
const ONCE = { capacity: 1, perSeconds: 30 * 86_400 }

/**
 * Charges what one mailbox may receive, from however many networks it is asked; each mail once, at whatever attempt
 * comes this far: the mark that it was charged is written in the statement that charges. A browser known to the account
 * has tokens of its own, so that a flood does not keep the owner from a reset. Beyond it the mail is dropped and, once
 * per mailbox and window, audited.
 */
export async function chargeRecipient(runtime: Runtime, mail: TokenMail | GuidanceMail): Promise<boolean> {
  const { anyBrowser, knownBrowser } = runtime.policy.limits.recipient
  const mark = { name: 'mail.charged', subject: mail.mailId, bucket: ONCE }
  const markKey = limitKey(runtime, mark.name, mark.subject)
  const { isCharged, isKnown } = await readCharge(runtime, mail, markKey)
  if (isCharged) return true
  if (isKnown) {
    const subject = `${mail.address} ${mail.browserHash}`
    const own = { name: 'mail.known-browser', subject, bucket: knownBrowser }
    if ((await chargeLimits(runtime, [own], [mark])).ok) return true
  }
  const everyone = { name: 'mail.recipient', subject: foldAddress(mail.address), bucket: anyBrowser }
  if ((await chargeLimits(runtime, [everyone], [mark])).ok) return true
  // Unless another worker, which has the same job, was faster.
  if ((await readCharge(runtime, mail, markKey)).isCharged) return true
  await recordRateLimited(runtime, sourceOf(mail), everyone)
  return false
}

/** Whether an earlier attempt of this mail was charged, and whether the account knows the browser that asked. */
async function readCharge(
  runtime: Runtime,
  { address, browserHash }: TokenMail | GuidanceMail,
  markKey: string,
): Promise<{ isCharged: boolean; isKnown: boolean }> {
  const { limit, user, userKnownBrowser } = runtime.tables
  const hash = browserHash === null ? null : decodeCanonical(browserHash)
  const [row] = await statement<{ isCharged: boolean; isKnown: boolean }>(
    runtime,
    sql`
    select exists (select from ${limit.name} where key = ${markKey}) as "isCharged",
      exists (select from ${userKnownBrowser.name} b join ${user.name} u on u.id = b.user_id
        where u.email_canonical = ${address} and b.browser_hash = ${hash}) as "isKnown"`,
  )
  return row ?? { isCharged: false, isKnown: false }
}
