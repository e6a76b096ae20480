import type { CanonicalEmail, MailedToken } from '@sigra/core'
import type { Caller } from '../caller.ts'
import type { Transaction } from '../database/transaction.ts'
import { repeatSignIn } from '../door/repeat-sign-in.ts'
import { repeatCodeUse } from '../tokens/repeat-code-use.ts'
import { type RepeatedUse, repeatTokenUseIn } from '../tokens/repeat-token-use.ts'
import type { MailSignInResult } from '../flow-result.ts'

/**
 * Lets whoever pressed the button of a link twice in, by the session that the first request made.
 *
 * @returns `null` when there is no sign-in to repeat.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function repeatSignInByLink(
  tx: Transaction,
  caller: Caller,
  token: MailedToken,
): Promise<MailSignInResult | null> {
  const repeated = await repeatTokenUseIn(tx, caller, token, 'link')
  return repeated && answerAgain(tx, caller, repeated)
}

/** The same for the code of the mail. */
export async function repeatSignInByCode(
  tx: Transaction,
  caller: Caller,
  typed: { address: CanonicalEmail; code: string },
): Promise<MailSignInResult | null> {
  const repeated = await repeatCodeUse(tx, caller, 'magic-link', typed)
  return repeated && answerAgain(tx, caller, repeated)
}

/** Nothing to answer where the door refused. */
async function answerAgain(
  tx: Transaction,
  caller: Caller,
  { userId, sessionId, redirectTo, isPasswordRemoved }: RepeatedUse,
): Promise<MailSignInResult | null> {
  if (sessionId === null) return null
  const outcome = await repeatSignIn(tx, caller, { userId, sessionId })
  return { ok: true, outcome, userId, redirectTo, isPasswordRemoved }
}
