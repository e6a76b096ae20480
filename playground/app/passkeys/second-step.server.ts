import type { RequestArgs, SecondFactorView } from '@sigra/remix'
import type { LoadSecondStep } from '~/accounts/second-steps.server'
import { passkeys } from './passkeys.server'

export const loadPasskey = {
  ask: (state: SecondFactorView) => (state.areaFactors.includes('passkey') ? {} : null),
  settings: async (args: RequestArgs) => ({
    passkeys: await passkeys.listUserPasskeys(args),
    rpId: passkeys.rpId,
  }),
} satisfies LoadSecondStep

export type PasskeySettings = Awaited<ReturnType<typeof loadPasskey.settings>>
