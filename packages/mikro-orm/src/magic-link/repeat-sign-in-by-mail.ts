import type { CanonicalEmail, MailedToken } from '@sigra/core'
import type { FlowContext } from '../context.ts'
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
  ctx: FlowContext,
  token: MailedToken,
): Promise<MailSignInResult | null> {
  const repeated = await repeatTokenUseIn(tx, ctx, token, 'link')
  return repeated && answerAgain(tx, ctx, repeated)
}

/** The same for the code of the mail. */
export async function repeatSignInByCode(
  tx: Transaction,
  ctx: FlowContext,
  typed: { address: CanonicalEmail; code: string },
): Promise<MailSignInResult | null> {
  const repeated = await repeatCodeUse(tx, ctx, 'magic-link', typed)
  return repeated && answerAgain(tx, ctx, repeated)
}

/** Nothing to answer where the door refused. */
async function answerAgain(
  tx: Transaction,
  ctx: FlowContext,
  { userId, sessionId, redirectTo, isPasswordRemoved }: RepeatedUse,
): Promise<MailSignInResult | null> {
  if (sessionId === null) return null
  const outcome = await repeatSignIn(tx, ctx, { userId, sessionId })
  return { ok: true, outcome, userId, redirectTo, isPasswordRemoved }
}
