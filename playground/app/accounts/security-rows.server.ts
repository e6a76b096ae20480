import type { RequestArgs } from '@sigra/remix'
import { accounts } from '~/accounts/accounts.server'
import { words } from '~/accounts/words'
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

const { password, secondStep } = words.security

/** `null` where this person has nothing to do with it. */
export type LoadSecurityRow = (args: RequestArgs) => Promise<SecurityRow | null>

export const loadPassword: LoadSecurityRow = async (args) => {
  const { hasPassword } = await accounts.getUserPasswordState(args)
  return {
    title: password.title,
    isOn: hasPassword,
    status: hasPassword ? password.on : password.off,
    action: hasPassword ? password.change : password.set,
    path: paths.settingsPassword,
  }
}

export const loadSecondStep: LoadSecurityRow = async (args) => {
  const isOn = (await accounts.getUserSecondFactorState(args))?.isActive === true
  return {
    title: secondStep.title,
    isOn,
    status: isOn ? secondStep.on : secondStep.off,
    action: isOn ? secondStep.manage : secondStep.turnOn,
    path: paths.settingsMfa,
  }
}
