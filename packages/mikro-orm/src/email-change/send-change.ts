import {
  type CanonicalEmail,
  createSelector,
  deriveMailedToken,
  encodeBase64Url,
  Impossible,
} from '@sigra/core'
import type { Caller } from '../caller.ts'
import type { Transaction } from '../database/transaction.ts'
import { createMailId, enqueueMail, readStamp } from '../mail/enqueue-mail.ts'
import { describeRequest } from '../mail/request-mail.ts'
import { browserHashOf } from '../sessions/browser-token.ts'
import { insertToken } from '../tokens/insert-token.ts'
import { supersedeTokens } from '../tokens/supersede-tokens.ts'
import type { UserId } from '../user-id.ts'

/**
 * Leaves the mails for a new address: one with a link and a code, and one for whoever has the address already. The worker
 * sends the one that is right. Nothing here reads whose address it is.
 *
 * @param isSent `false` where this network has written to that mailbox too often: the token is made all the same.
 */
export async function sendChange(
  tx: Transaction,
  caller: Caller,
  change: { userId: UserId; next: CanonicalEmail; isSent: boolean },
): Promise<void> {
  const { runtime } = tx
  const { userId, next } = change
  await supersedeTokens(tx, userId, 'change-email')
  const requestedAt = await readStamp(tx)
  const selector = createSelector()
  const token = deriveMailedToken(runtime.ring, 'change-email', runtime.ring.currentKeyId, selector)
  if (!token) throw new Impossible('a ring has a current key')
  const lifeMinutes = runtime.policy.emailChange.linkHours * 60
  const browserHash = browserHashOf(caller)
  await insertToken(tx, { token, userId, sentTo: next, requestedAt, lifeMinutes, browserHash })
  if (!change.isSent) return
  const asked = { ...describeRequest(runtime, caller, next), requestedAt }
  const source = { keyId: token.keyId, selector: encodeBase64Url(selector) }
  await enqueueMail(tx, { kind: 'changeEmail', ...asked, ...source })
  await enqueueMail(tx, { kind: 'addressInUse', ...asked, mailId: createMailId(runtime) })
}

/** Makes the link by which the former mailbox approves a change. It travels in the notice about the event. */
export async function insertApproval(
  tx: Transaction,
  change: { userId: UserId; former: CanonicalEmail; eventId: string },
): Promise<void> {
  const { runtime } = tx
  const { userId, former: sentTo, eventId } = change
  await supersedeTokens(tx, userId, 'approve-email')
  const selector = createSelector()
  const token = deriveMailedToken(runtime.ring, 'approve-email', runtime.ring.currentKeyId, selector)
  if (!token) throw new Impossible('a ring has a current key')
  const lifeMinutes = runtime.policy.emailChange.linkHours * 60
  const requestedAt = await readStamp(tx)
  await insertToken(tx, { token, userId, sentTo, requestedAt, lifeMinutes, browserHash: null, eventId })
}
