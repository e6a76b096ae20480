import type { RequestArgs, SecondFactorView } from '@sigra/remix'
import { accounts } from '~/accounts/accounts.server'
import type { LoadSecondStep } from '~/accounts/second-steps.server'
import { sigra } from '~/sigra.server'

export const loadPasskey = {
  ask: (state: SecondFactorView) => (state.hasPasskey ? {} : null),
  settings: async (args: RequestArgs) => ({
    passkeys: await accounts.listUserPasskeys(args),
    rpId: sigra.runtime.relyingParty?.rpId ?? '',
  }),
} satisfies LoadSecondStep

export type PasskeySettings = Awaited<ReturnType<typeof loadPasskey.settings>>
