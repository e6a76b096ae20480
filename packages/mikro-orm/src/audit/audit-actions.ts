import { type AreaAction, areaActions } from '../areas.ts'
import type { SubjectView } from './subject-view.ts'

const ownActions = {
  'auth.register': 'shown',
  'auth.log_in': 'disputable',
  'auth.log_in_failed': 'shown',
  'auth.log_out': 'shown',
  'auth.confirm': 'disputable',
  'auth.confirm_requested': 'shown',
  'auth.magic_link_requested': 'shown',
  'auth.reset_requested': 'shown',
  'auth.reset_completed': 'disputable',
  'auth.password_changed': 'disputable',
  'auth.password_set': 'disputable',
  'auth.hash_upgraded': 'hidden', // of the app alone
  'auth.not_me': 'shown',
  'auth.email_change_requested': 'disputable',
  'auth.email_change_approved': 'shown',
  'auth.email_change_cancelled': 'shown',
  'auth.email_changed': 'disputable',
  'auth.email_change_undone': 'shown',
  'session.revoked': 'disputable',
  'session.revoked_all': 'disputable',
  'session.capped': 'shown',
  'session.sudo': 'disputable',
  'session.sudo_requested': 'shown',
  'security.lockout': 'shown',
  'security.disputed': 'shown',
  'security.rate_limited': 'hidden',
  'security.duplicate_cookie': 'hidden',
  'security.new_browser': 'hidden', // the log-in beside it says so
  'security.trust_reused': 'shown',
  'security.breach_check_unavailable': 'hidden',
  'mfa.enrolled': 'shown',
  'mfa.activated': 'disputable',
  'mfa.verified': 'hidden', // the same
  'mfa.failed': 'shown',
  'mfa.disabled': 'disputable',
  'mfa.codes_regenerated': 'disputable',
  'mfa.backup_code_used': 'disputable',
  'mfa.browser_trusted': 'disputable',
  'mfa.unblocked': 'shown',
  'account.consented': 'shown',
  'account.exported': 'disputable',
  'account.deletion_scheduled': 'disputable',
  'account.deletion_cancelled': 'disputable',
  'account.deletion_failed': 'hidden', // of the app alone
  'account.deleted': 'hidden', // nobody is left to see it
} as const satisfies Record<string, SubjectView>

type OwnAction = keyof typeof ownActions

export type AuditAction = OwnAction | AreaAction

/** What is seen of the actions of accounts. Of an area's, its declaration says it. */
export const subjectViews: Readonly<Record<OwnAction, SubjectView>> = ownActions

/** Every action the audit log knows, areas' included. Names are public: added, never renamed. */
export const auditActions: readonly AuditAction[] = [
  ...Object.keys(ownActions).filter(isOwnAction),
  ...areaActions,
]

/** Whether it is one, for a name that is not known while this is written. */
export function isAuditAction(action: string): action is AuditAction {
  return auditActions.some((known) => known === action)
}

function isOwnAction(action: string): action is OwnAction {
  return Object.hasOwn(ownActions, action)
}
