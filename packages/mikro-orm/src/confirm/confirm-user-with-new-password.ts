import type { FlowContext } from '../context.ts'
import { setPasswordByToken } from '../reset/set-password-by-token.ts'
import type { Runtime } from '../runtime.ts'
import { traceFlow } from '../telemetry/trace-flow.ts'
import type { SetPasswordResult } from '../flow-result.ts'

/**
 * Confirms an address by its link with a password chosen now. Does what a reset does: whatever was attached before
 * the proof is gone.
 *
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export async function confirmUserWithNewPassword(
  runtime: Runtime,
  ctx: FlowContext,
  input: { token: unknown; password: unknown },
): Promise<SetPasswordResult> {
  return traceFlow('auth.confirm', ctx, () => setPasswordByToken(runtime, ctx, 'confirm', input))
}
