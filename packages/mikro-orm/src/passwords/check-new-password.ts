import { checkPassword, createBreachCheck, type PasswordProblem } from '@sigra/core'
import type { Runtime } from '../runtime.ts'

export type NewPasswordCheck =
  { ok: true; password: string; breachCheckUnavailable: boolean } | { ok: false; messages: string[] }

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
  return checked.ok ? checked : { ok: false, messages: [explainProblem(runtime, checked.problem)] }
}

function createPolicyBreachCheck(runtime: Runtime): ReturnType<typeof createBreachCheck> | null {
  const { breachCheck, breachCheckTimeoutMilliseconds } = runtime.policy.password
  const isOn = breachCheck === 'always' || (breachCheck === 'production' && runtime.production)
  return isOn ? createBreachCheck({ timeoutMilliseconds: breachCheckTimeoutMilliseconds }) : null
}

function explainProblem(runtime: Runtime, problem: PasswordProblem): string {
  const { minLength, maxLength } = runtime.policy.password
  const explanations: Record<PasswordProblem, string> = {
    'too-short': `Use at least ${minLength} characters.`,
    'too-long': `Use at most ${maxLength} characters.`,
    'too-common': 'This password is one of the first that would be tried. Choose another one.',
    'contains-own-words': 'Leave out the name of this site and the words of your address.',
    breached: 'This password appears in a known data breach. Choose another one.',
    unreadable: 'This password contains characters that cannot be used.',
  }
  return explanations[problem]
}
