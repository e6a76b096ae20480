import { createSoftwarePasskey } from '@sigra/core/testing'
import { addUserPasskey } from '../../passkeys/add-user-passkey.ts'
import { createPasskeyEnrolment } from '../../passkeys/create-passkey-enrolment.ts'
import { offerUserPasskey } from '../../passkeys/offer-user-passkey.ts'
import { removeUserPasskey } from '../../passkeys/remove-user-passkey.ts'
import { renameUserPasskey } from '../../passkeys/rename-user-passkey.ts'
import { sudoByPasskey } from '../../passkeys/sudo-by-passkey.ts'
import { verifySecondFactorByPasskey } from '../../passkeys/verify-second-factor-by-passkey.ts'
import { requireUserSecondStep } from '../../second-factor/require-user-second-step.ts'
import { type ArrangeHeldCall, signedIn } from '../held-call.ts'
import { answerEnrolment, answerSecondFactor, answerSudo, createPasskeyUser } from './test-passkey.ts'
import { logInBrowser } from '../test-second-factor.ts'

/** Calls of passkeys that change something in the name of a session or of a sign-in that waits. */
export const passkeyHeldCalls = {
  async sudoByPasskey(test) {
    const { user, browser, passkey } = await createPasskeyUser(test)
    const response = await answerSudo(test, browser, passkey)
    return { user, browser, run: (rt, caller) => sudoByPasskey(rt, caller, { response }) }
  },
  offerUserPasskey: async (test) => ({ ...(await signedIn(test)), run: offerUserPasskey }),
  createPasskeyEnrolment: async (test) => ({ ...(await signedIn(test)), run: createPasskeyEnrolment }),
  async addUserPasskey(test) {
    const { user, browser } = await signedIn(test)
    const response = await answerEnrolment(test, browser, createSoftwarePasskey())
    return { user, browser, run: (rt, caller) => addUserPasskey(rt, caller, { response }) }
  },
  async renameUserPasskey(test) {
    const { user, browser, passkey } = await createPasskeyUser(test)
    const input = { passkeyId: passkey.id, nickname: 'Blue phone' }
    return { user, browser, run: (rt, caller) => renameUserPasskey(rt, caller, input) }
  },
  async removeUserPasskey(test) {
    const { user, browser, passkey } = await createPasskeyUser(test)
    return { user, browser, run: (rt, caller) => removeUserPasskey(rt, caller, { passkeyId: passkey.id }) }
  },
  async verifySecondFactorByPasskey(test) {
    const { user, browser: first, passkey } = await createPasskeyUser(test)
    const on = await requireUserSecondStep(test.runtime, first)
    if (!on.ok) throw new Error(on.reason)
    const browser = await logInBrowser(test, user)
    const response = await answerSecondFactor(test, browser, passkey)
    return { user, browser, run: (rt, caller) => verifySecondFactorByPasskey(rt, caller, { response }) }
  },
} satisfies Record<string, ArrangeHeldCall>
