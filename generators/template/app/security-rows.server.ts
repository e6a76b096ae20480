import { loadPassword, loadSecondStep, type LoadSecurityRow } from './accounts/security-rows.server'
import { loadPasskeys } from './passkeys/security-row.server'

/** The lines of the page “Security”, in its order. */
export const securityRows: Record<string, LoadSecurityRow> = {
  password: loadPassword,
  passkeys: loadPasskeys,
  'second-step': loadSecondStep,
}
