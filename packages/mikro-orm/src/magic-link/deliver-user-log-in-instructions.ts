import type { Caller } from '../caller.ts'
import type { Limited } from '../flow-result.ts'
import { defineFlow } from '../flows/define-flow.ts'
import { requestMail } from '../mail/request-mail.ts'
import type { Runtime } from '../runtime.ts'

/**
 * Mails a link and a code to sign in by. The same statements and the same answer for every address; a newer mail ends
 * the one before. Where the policy has no magic links nothing is sent, and nobody can tell.
 *
 * @param input.redirectTo A path of this app, checked by the edge; it is checked again where it is used.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const deliverUserLogInInstructions = defineFlow(
  {
    name: 'deliverUserLogInInstructions',
    principal: 'visitor',
    changes: true,
    sudo: false,
    impersonation: 'refused',
    channel: 'auth.magic_link_request',
  },
  async (
    runtime: Runtime,
    caller: Caller,
    input: { email: unknown; redirectTo?: string | null },
  ): Promise<{ ok: true } | Limited> => {
    if (!runtime.policy.magicLink.enabled) return { ok: true }
    return requestMail(runtime, caller, 'magicLink', input.email, { redirectTo: input.redirectTo ?? null })
  },
)
