import type { Policy } from '../policy.ts'
import type { ChangeMail, GuidanceMail, TokenMail } from './mail-payload.ts'

/** How long a mail is worth sending after it was asked for: as long as what is in it works. */
export function mailLifeMinutes(
  policy: Policy,
  kind: (TokenMail | GuidanceMail | ChangeMail)['kind'],
): number {
  if (kind === 'changeEmail' || kind === 'addressInUse') return policy.emailChange.linkHours * 60
  if (kind === 'magicLink') return policy.magicLink.minutes
  if (kind === 'resetPassword') return policy.resetPassword.linkMinutes
  return kind === 'sudoCode' ? policy.sudo.codeMinutes : policy.confirmation.linkHours * 60
}
