import type { RequestArgs } from '@sigra/remix'
import { accounts } from '~/accounts/accounts.server'
import { paths } from '~/paths'

/** One line of the page “Security”. It is shown without asking again who is there: say that there is something, not what. */
export interface SecurityRow {
  title: string
  isOn: boolean
  status: string
  /** To the page where it is changed. */
  action: string
  path: string
}

/** `null` where this person has nothing to do with it. */
export type LoadSecurityRow = (args: RequestArgs) => Promise<SecurityRow | null>

export const loadPassword: LoadSecurityRow = async (args) => {
  const { hasPassword } = await accounts.getUserPasswordState(args)
  return {
    title: 'Password',
    isOn: hasPassword,
    status: hasPassword ? 'You can log in with it.' : 'You log in without one.',
    action: hasPassword ? 'Change' : 'Choose one',
    path: paths.settingsPassword,
  }
}

export const loadSecondStep: LoadSecurityRow = async (args) => {
  const isOn = (await accounts.getUserSecondFactorState(args))?.isActive === true
  return {
    title: 'Two-step verification',
    isOn,
    status: isOn
      ? 'We ask for a second step when you log in.'
      : 'Protects your account even if your password is stolen.',
    action: isOn ? 'Manage' : 'Turn on',
    path: paths.settingsMfa,
  }
}
