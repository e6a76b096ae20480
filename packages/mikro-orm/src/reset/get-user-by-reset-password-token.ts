import { maskEmail, parseMailedToken } from '@sigra/core'
import type { FlowContext } from '../context.ts'
import type { Runtime } from '../runtime.ts'
import { findToken } from '../tokens/find-token.ts'

/** Whose password a link resets, for its page to show. Changes nothing: mail scanners open links. */
export async function getUserByResetPasswordToken(
  runtime: Runtime,
  _ctx: FlowContext,
  token: unknown,
): Promise<{ maskedEmail: string } | null> {
  const parsed = parseMailedToken(runtime.ring, 'reset-password', token)
  const found = parsed && (await findToken(runtime, parsed))
  return found && { maskedEmail: maskEmail(found.email) }
}
