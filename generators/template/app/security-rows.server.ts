import { loadPassword, loadSecondStep, type LoadSecurityRow } from './accounts/security-rows.server'
// sigra:if passkeys
import { loadPasskeys } from './passkeys/security-row.server'
// sigra:end

/** The lines of the page “Security”, in its order. */
export const securityRows: Record<string, LoadSecurityRow> = {
  password: loadPassword,
  // sigra:if passkeys
  passkeys: loadPasskeys,
  // sigra:end
  'second-step': loadSecondStep,
}
