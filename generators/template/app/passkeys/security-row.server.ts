// sigra:file passkeys
import type { LoadSecurityRow } from '~/accounts/security-rows.server'
import { passkeys } from '~/passkeys/passkeys.server'
import { words } from '~/passkeys/words'
import { paths } from '~/paths'

export const loadPasskeys: LoadSecurityRow = async (args) => {
  const { length } = await passkeys.listUserPasskeys(args)
  return {
    title: words.row.title,
    isOn: length > 0,
    status: length === 0 ? words.row.off : words.row.on(length),
    action: length === 0 ? words.row.add : words.row.manage,
    path: `${paths.settingsMfa}#passkeys`,
  }
}
