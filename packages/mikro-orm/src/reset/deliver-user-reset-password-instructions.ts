import type { Caller } from '../caller.ts'
import type { Limited } from '../flow-result.ts'
import { defineFlow } from '../flows/define-flow.ts'
import { requestMail } from '../mail/request-mail.ts'
import type { Runtime } from '../runtime.ts'

/**
 * Asks for a link to reset a password. The answer is the same for every address, and nothing is read about it: the
 * worker sends the mail if there is an account.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const deliverUserResetPasswordInstructions = defineFlow(
  {
    name: 'deliverUserResetPasswordInstructions',
    principal: 'visitor',
    changes: true,
    sudo: false,
    impersonation: 'refused',
    channel: 'auth.reset_request',
  },
  async (runtime: Runtime, caller: Caller, input: { email: unknown }): Promise<{ ok: true } | Limited> =>
    requestMail(runtime, caller, 'resetPassword', input.email),
)
