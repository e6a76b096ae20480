import { type MailedToken, normalizePassword } from '@sigra/core'
import type { Caller } from '../caller.ts'
import { type Busy, orBusy } from '../flow-result.ts'
import type { Runtime } from '../runtime.ts'
import type { TokenForm } from './consume-token.ts'
import { repeatTokenUse, returnRepeat } from './repeat-token-use.ts'

/**
 * `repeatTokenUse` for a form that takes a password: the one posted again has to be the one that is stored now. The
 * repeat is taken before they are compared, so a link says three times at most whether a password is the new one, and
 * only in the browser that chose it.
 *
 * @returns `null` when there is nothing to repeat, or it is another password.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function repeatWithPassword(
  runtime: Runtime,
  caller: Caller,
  token: MailedToken,
  form: Extract<TokenForm, 'password' | 'new-password'>,
  typed: unknown,
): Promise<{ ok: true } | Busy | null> {
  const password = normalizePassword(typed)
  if (password === null) return null
  const repeated = await repeatTokenUse(runtime, caller, token, form)
  if (repeated === null) return null
  const verdict = await orBusy(runtime.hasher.verify(repeated.hashedPassword, password))
  if (!('reason' in verdict)) return verdict.ok ? { ok: true } : null
  await returnRepeat(runtime, token)
  return verdict
}
