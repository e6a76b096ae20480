// sigra:file passkeys
import { accounts } from '~/accounts/accounts.server'
import type { LoadSecurityRow } from '~/accounts/security-rows.server'
import { paths } from '~/paths'

export const loadPasskeys: LoadSecurityRow = async (args) => {
  const { length } = await accounts.listUserPasskeys(args)
  return {
    title: 'Passkeys',
    isOn: length > 0,
    status: length === 0 ? OFF : length === 1 ? 'You have one passkey.' : `You have ${length} passkeys.`,
    action: length === 0 ? 'Add one' : 'Manage',
    path: `${paths.settingsMfa}#passkeys`,
  }
}

const OFF = 'Log in with your fingerprint, your face or your screen lock.'
