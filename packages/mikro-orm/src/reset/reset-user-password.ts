import type { Caller } from '../caller.ts'
import { defineFlow } from '../flows/define-flow.ts'
import type { Runtime } from '../runtime.ts'
import { setPasswordByToken } from './set-password-by-token.ts'
import type { SetPasswordResult } from '../flow-result.ts'

/**
 * Resets a password by a mailed link. In one transaction everything that went before is gone and the owner is told.
 * Signs nobody in; a second factor is neither skipped nor removed.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const resetUserPassword = defineFlow(
  {
    name: 'resetUserPassword',
    principal: 'mail',
    changes: true,
    sudo: false,
    impersonation: 'refused',
    channel: 'auth.reset',
  },
  async (
    runtime: Runtime,
    caller: Caller,
    input: { token: unknown; password: unknown },
  ): Promise<SetPasswordResult> => setPasswordByToken(runtime, caller, 'reset-password', input),
)
