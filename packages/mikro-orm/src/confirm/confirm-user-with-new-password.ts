import type { Caller } from '../caller.ts'
import { defineFlow } from '../flows/define-flow.ts'
import { setPasswordByToken } from '../reset/set-password-by-token.ts'
import type { Runtime } from '../runtime.ts'
import type { SetPasswordResult } from '../flow-result.ts'

/**
 * Confirms an address by its link with a password chosen now. Does what a reset does: whatever was attached before
 * the proof is gone.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const confirmUserWithNewPassword = defineFlow(
  {
    name: 'confirmUserWithNewPassword',
    principal: 'mail',
    changes: true,
    sudo: false,
    impersonation: 'refused',
    channel: 'auth.confirm',
  },
  async (
    runtime: Runtime,
    caller: Caller,
    input: { token: unknown; password: unknown },
  ): Promise<SetPasswordResult> => setPasswordByToken(runtime, caller, 'confirm', input),
)
