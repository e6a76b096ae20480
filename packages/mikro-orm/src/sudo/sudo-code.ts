import { parseEmail, parseMailedCode } from '@sigra/core'
import type { Caller } from '../caller.ts'
import { sql } from '../database/sql.ts'
import type { Transaction } from '../database/transaction.ts'
import { renewSession } from '../door/renew-session.ts'
import type { Limited } from '../flow-result.ts'
import { defineFlow, type SudoCaller } from '../flows/define-flow.ts'
import { withGuess } from '../limits/guess.ts'
import { requestMail } from '../mail/request-mail.ts'
import type { Runtime } from '../runtime.ts'
import { browserHashOf } from '../sessions/browser-token.ts'
import { type ContinuedSession, inSessionTransaction } from '../sessions/continue-session.ts'
import type { ResolvedSession } from '../sessions/session.ts'
import { chargeCodeEntry } from '../tokens/charge-code-entry.ts'
import { consumeToken } from '../tokens/consume-token.ts'
import { tryMailedCode } from '../tokens/try-mailed-code.ts'
import { chargeSudo } from './charge-sudo.ts'
import { recordFailedSudo, recordSudo } from './record-sudo.ts'
import type { SudoResult } from './sudo-by-password.ts'
import { getSudoState } from './sudo-state.ts'

/**
 * Mails six digits to the signed-in user, for whom there is neither password nor passkey to ask for.
 *
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` for strangers and pending sign-ins.
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const deliverUserSudoCode = defineFlow(
  {
    name: 'deliverUserSudoCode',
    principal: 'session',
    changes: true,
    sudo: 'given',
    impersonation: 'refused',
    channel: null,
  },
  async (runtime: Runtime, caller: SudoCaller): Promise<{ ok: true } | Limited> => {
    const { session } = caller
    return requestMail(runtime, caller, 'sudoCode', session.user.email, { session })
  },
)

/**
 * Gives sudo for the digits of that mail, in the browser that asked, where nothing stronger is there to be asked for.
 *
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` for strangers and pending sign-ins.
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const sudoByCode = defineFlow(
  {
    name: 'sudoByCode',
    principal: 'session',
    changes: true,
    sudo: 'given',
    impersonation: 'refused',
    channel: 'session.sudo',
  },
  async (runtime: Runtime, caller: SudoCaller, input: { code: unknown }): Promise<SudoResult> => {
    const { session } = caller
    return withGuess(runtime, async (guess) => {
      const refused = await chargeSudo(runtime, caller, session, guess)
      if (refused) return refused
      const address = parseEmail(session.user.email)?.canonical ?? null
      const limited = await chargeCodeEntry(runtime, caller, address, guess)
      if (limited) return limited
      const isAllowed = (await getSudoState(runtime, caller))?.emailCode === true
      const isGiven =
        isAllowed &&
        (await checkSudoCode(runtime, caller, session, input.code, async (tx, own) => {
          await renewSession(tx, caller, own, { sudo: 'email' })
          await recordSudo(tx, caller, own, 'email')
        }))
      if (isGiven) return { ok: true }
      guess.wasWrong()
      await inSessionTransaction(runtime, session, (tx, own) => recordFailedSudo(tx, caller, own, 'email'))
      return { ok: false, reason: 'wrong' }
    })
  },
)

/**
 * Compares a mailed code and uses it up, together with `work`: both happen or neither.
 *
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function checkSudoCode(
  runtime: Runtime,
  caller: Caller,
  session: ResolvedSession,
  typed: unknown,
  work: (tx: Transaction, own: ContinuedSession) => Promise<void>,
): Promise<boolean> {
  const code = parseMailedCode(typed)
  const address = parseEmail(session.user.email)?.canonical
  if (code === null || address === undefined) return false
  const { codeMinutes: lifeMinutes, triesPerCode: tries } = runtime.policy.sudo
  const kind = { purpose: 'sudo', lifeMinutes, tries, only: sql`u.id = ${session.userId}` } as const
  const browserHash = browserHashOf(caller)
  return inSessionTransaction(runtime, session, async (tx, own) => {
    const { isRight, tried } = await tryMailedCode(tx, caller, { kind, address, browserHash, code })
    if (!isRight) return false
    const owner = await consumeToken(tx, caller, tried.token, 'code', sql`t.browser_hash = ${browserHash}`)
    if (!owner) return false
    await work(tx, own)
    return true
  })
}
