import type { AreaSignInMethod } from '../areas.ts'
import type { AuditEntry } from '../audit/record-audit-event.ts'
import type { UserId } from '../user-id.ts'
import type { SignInStage } from '../sessions/sign-in-steps.ts'

/** How somebody came to the door, as the audit log names it. */
export type SignInMethod =
  | 'password'
  | 'magic-link'
  | 'confirm'
  | 'totp'
  | 'backup-code'
  | 'enrolment'
  | 'password-change'
  | 'reactivation'
  | 'consent'
  | AreaSignInMethod

export interface SignInOptions {
  method: SignInMethod
  /** A cookie that outlives the browser's window. */
  remembered: boolean
  /** Asked for at the challenge: this browser skips the second factor next time. @default false */
  trustBrowser?: boolean
  /** `false`: a trusted browser does not stand in for the second factor here. @default true */
  acceptTrust?: boolean
  /** What the audit line says beside the method. */
  metadata?: AuditEntry['metadata']
  /** Further lines of the same change, written unless the door refuses. @default [] */
  also?: readonly AuditEntry[]
}

export type SignInOutcome =
  | { outcome: SignInStage; userId: UserId; sessionId: string }
  | { outcome: 'refused'; reason: 'changed' | 'unconfirmed' | 'disabled' }
