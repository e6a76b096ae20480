import { renewSession } from '../door/renew-session.ts'
import type { Busy, Limited, SessionEnded } from '../flow-result.ts'
import { defineFlow, type SudoCaller } from '../flows/define-flow.ts'
import { withGuess } from '../limits/guess.ts'
import type { Runtime } from '../runtime.ts'
import { inSessionTransaction } from '../sessions/continue-session.ts'
import { compareOwnPassword } from './compare-own-password.ts'
import { chargeSudo } from './charge-sudo.ts'
import { recordFailedSudo, recordSudo } from './record-sudo.ts'

export type SudoResult = { ok: true } | { ok: false; reason: 'wrong' } | SessionEnded | Limited | Busy

/**
 * Gives sudo for the password, where no second step is on: there the password alone is the weaker factor and does not
 * count. The session gets a new token.
 *
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` for strangers and pending sign-ins.
 * @throws {SessionOvertaken} `SIGRA_SESSION_OVERTAKEN` when the session has ended or gone on meanwhile.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const sudoByPassword = defineFlow(
  {
    name: 'sudoByPassword',
    principal: 'session',
    changes: true,
    sudo: 'given',
    impersonation: 'refused',
    channel: 'session.sudo',
  },
  async (runtime: Runtime, caller: SudoCaller, input: { password: unknown }): Promise<SudoResult> => {
    const { session } = caller
    return withGuess(runtime, async (guess) => {
      const refused = await chargeSudo(runtime, caller, session, guess)
      if (refused) return refused
      const compared = await compareOwnPassword(runtime, session, input.password)
      if ('reason' in compared) return compared
      const isEnough = compared.isRight && !compared.isChallenged
      if (!isEnough) guess.wasWrong()
      return inSessionTransaction<SudoResult>(runtime, session, async (tx, own) => {
        if (isEnough) await renewSession(tx, caller, own, { sudo: 'password' })
        if (isEnough) await recordSudo(tx, caller, own, 'password')
        else await recordFailedSudo(tx, caller, own, 'password')
        return isEnough ? { ok: true } : { ok: false, reason: 'wrong' }
      })
    })
  },
)
