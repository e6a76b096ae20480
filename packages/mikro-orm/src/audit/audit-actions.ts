import { type AreaAction, areaActions } from '../areas.ts'

const ownActions = [
  'auth.register',
  'auth.log_in',
  'auth.log_in_failed',
  'auth.log_out',
  'auth.confirm',
  'auth.confirm_requested',
  'auth.magic_link_requested',
  'auth.reset_requested',
  'auth.reset_completed',
  'auth.password_changed',
  'auth.password_set',
  'auth.hash_upgraded',
  'auth.not_me',
  'auth.email_change_requested',
  'auth.email_change_approved',
  'auth.email_change_cancelled',
  'auth.email_changed',
  'auth.email_change_undone',
  'session.revoked',
  'session.revoked_all',
  'session.capped',
  'session.sudo',
  'session.sudo_requested',
  'security.lockout',
  'security.rate_limited',
  'security.duplicate_cookie',
  'security.new_browser',
  'security.trust_reused',
  'security.breach_check_unavailable',
  'mfa.enrolled',
  'mfa.activated',
  'mfa.verified',
  'mfa.failed',
  'mfa.disabled',
  'mfa.codes_regenerated',
  'mfa.backup_code_used',
  'mfa.browser_trusted',
  'mfa.unblocked',
  'account.consented',
  'account.exported',
] as const

export type AuditAction = (typeof ownActions)[number] | AreaAction

/** Every action the audit log knows, areas' included. Names are public: added, never renamed. */
export const auditActions: readonly AuditAction[] = [...ownActions, ...areaActions]
