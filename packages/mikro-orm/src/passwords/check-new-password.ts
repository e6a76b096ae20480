import { checkPassword, createBreachCheck, type PasswordProblem } from '@sigra/core'
import type { PasswordReason } from '../flow-result.ts'
import type { Runtime } from '../runtime.ts'

export type NewPasswordCheck =
  | { ok: true; password: string; breachCheckUnavailable: boolean }
  | { ok: false; errors: { password: PasswordReason[] } }

/**
 * Checks a password someone chooses by the policy, without and with the breach query: the first costs nothing, the
 * second is a request to someone else, so what limits the caller belongs between them.
 *
 * @param email Whose password it is to be: its words are refused, like the app's own.
 */
export async function checkNewPassword(
  runtime: Runtime,
  password: unknown,
  email: string,
  options: { breachCheck: boolean },
): Promise<NewPasswordCheck> {
  const { minLength, maxLength } = runtime.policy.password
  const breachCheck = options.breachCheck ? createPolicyBreachCheck(runtime) : null
  const ownWords = [runtime.appName, runtime.origin.hostname, email]
  const checked = await checkPassword(password, { minLength, maxLength, breachCheck }, ownWords)
  return checked.ok ? checked : { ok: false, errors: { password: [withNumbers(runtime, checked.problem)] } }
}

function createPolicyBreachCheck(runtime: Runtime): ReturnType<typeof createBreachCheck> | null {
  const { breachCheck, breachCheckTimeoutMilliseconds } = runtime.policy.password
  const isOn = breachCheck === 'always' || (breachCheck === 'production' && runtime.production)
  return isOn ? createBreachCheck({ timeoutMilliseconds: breachCheckTimeoutMilliseconds }) : null
}

function withNumbers(runtime: Runtime, problem: PasswordProblem): PasswordReason {
  const { minLength, maxLength } = runtime.policy.password
  if (problem === 'too-short') return { reason: problem, minLength }
  if (problem === 'too-long') return { reason: problem, maxLength }
  return { reason: problem === 'unreadable' ? 'unusable-characters' : problem }
}
