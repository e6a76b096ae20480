import type { Caller } from '../caller.ts'
import type { Limited } from '../flow-result.ts'
import { defineFlow } from '../flows/define-flow.ts'
import { requestMail } from '../mail/request-mail.ts'
import type { Runtime } from '../runtime.ts'

/**
 * Asks for a new confirmation mail. The answer is the same for every address, and nothing is read about it: the
 * worker sends the mail if there is an account that was never confirmed.
 *
 * @param input.redirectTo A path of this app, checked by the edge; it is checked again where it is used.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const deliverUserConfirmationInstructions = defineFlow(
  {
    name: 'deliverUserConfirmationInstructions',
    principal: 'visitor',
    changes: true,
    sudo: false,
    impersonation: 'refused',
    channel: 'auth.confirm_request',
  },
  async (
    runtime: Runtime,
    caller: Caller,
    input: { email: unknown; redirectTo?: string | null },
  ): Promise<{ ok: true } | Limited> =>
    requestMail(runtime, caller, 'confirmAddress', input.email, { redirectTo: input.redirectTo ?? null }),
)
