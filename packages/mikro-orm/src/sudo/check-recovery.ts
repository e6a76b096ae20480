import type { Caller } from '../caller.ts'
import type { Busy } from '../flow-result.ts'
import type { Guess } from '../limits/guess.ts'
import type { Runtime } from '../runtime.ts'
import { inSessionTransaction } from '../sessions/continue-session.ts'
import type { ResolvedSession } from '../sessions/session.ts'
import { compareOwnPassword } from './compare-own-password.ts'
import { recordFailedSudo } from './record-sudo.ts'
import { checkSudoCode } from './sudo-code.ts'

/**
 * Checks what has to be right beside a backup code: a slip of paper alone must not open an account's settings.
 *
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function checkRecovery(
  runtime: Runtime,
  caller: Caller,
  session: ResolvedSession,
  guess: Guess,
  input: { password?: unknown; mailedCode?: unknown },
): Promise<'right' | { ok: false; reason: 'wrong' } | Busy> {
  const compared = await compareOwnPassword(runtime, session, input.password)
  if ('reason' in compared) return compared
  const isRight =
    compared.hashedPassword === null
      ? await checkSudoCode(runtime, caller, session, input.mailedCode, async () => undefined)
      : compared.isRight
  if (isRight) return 'right'
  guess.wasWrong()
  await inSessionTransaction(runtime, session, (tx, own) => recordFailedSudo(tx, caller, own, 'recovery'))
  return { ok: false, reason: 'wrong' }
}
