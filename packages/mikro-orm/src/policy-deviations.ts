import { defaultPolicy, strictPolicy } from './create-policy.ts'
import { type Policy } from './policy.ts'

/** Something a host may choose and should know that it chose. */
export interface PolicyDeviation {
  /** `policy.requireConfirmation` */
  setting: string
  /** What it means for the accounts. */
  message: string
}

// OWASP Password Storage: 46 MiB once, 19 MiB twice, 12 MiB three times, 9 MiB four times, 7 MiB five times.
const LEAST_MEMORY_BY_PASSES = [47_104, 19_456, 12_288, 9216, 7168]
const LEAST_AUDIT_DAYS = 90

/** What the start names of a policy: allowed, weaker, and listed in docs/security/deviations.md. Nothing else is named. */
export function listDeviations(policy: Policy): PolicyDeviation[] {
  const deviations: PolicyDeviation[] = []
  const tell = (applies: boolean, setting: string, message: string) => {
    if (applies) deviations.push({ setting: `policy.${setting}`, message })
  }
  const { password, passwordHash, audit } = policy
  tell(
    !policy.requireConfirmation,
    'requireConfirmation',
    'People are let in before they confirm, and signing in right after registering tells that the address was free.',
  )
  tell(
    password.breachCheck === 'never',
    'password.breachCheck',
    'New passwords are never looked up among breached ones; only the offline list stands.',
  )
  tell(
    passwordHash.memoryKib < (LEAST_MEMORY_BY_PASSES[passwordHash.passes - 1] ?? 7168),
    'passwordHash',
    'A password hash costs less than the lowest that OWASP names for so many passes.',
  )
  tell(
    audit.retentionDays < LEAST_AUDIT_DAYS,
    'audit.retentionDays',
    `The database keeps ${LEAST_AUDIT_DAYS} days all the same, unless your migration says minimumAgeDays.`,
  )
  const profile = policy.profile === 'strict' ? strictPolicy : defaultPolicy
  const weaker = `Weaker than profile ${policy.profile}.`
  tell(password.minLength < profile.password.minLength, 'password.minLength', weaker)
  if (policy.profile !== 'strict') return deviations
  tell(
    policy.session.rememberedAbsoluteDays > profile.session.rememberedAbsoluteDays,
    'session.rememberedAbsoluteDays',
    weaker,
  )
  tell(policy.secondFactor !== profile.secondFactor, 'secondFactor', weaker)
  tell(policy.magicLink.enabled, 'magicLink.enabled', weaker)
  tell(policy.totp.windowSteps > profile.totp.windowSteps, 'totp.windowSteps', weaker)
  tell(policy.trustedBrowser.enabled, 'trustedBrowser.enabled', weaker)
  tell(!policy.emailChange.approveFromOld, 'emailChange.approveFromOld', weaker)
  return deviations
}
