import { createSoftwarePasskey } from '@sigra/core/testing'
import { addUserPasskey } from '../../passkeys/add-user-passkey.ts'
import { logInUserByPasskey } from '../../passkeys/log-in-user-by-passkey.ts'
import { sudoByPasskey } from '../../passkeys/sudo-by-passkey.ts'
import { verifySecondFactorByPasskey } from '../../passkeys/verify-second-factor-by-passkey.ts'
import { signedIn } from '../held-call.ts'
import type { FlowCall } from '../flow-call.ts'
import { createTestCaller } from '../test-caller.ts'
import { answerEnrolment, answerLogIn, answerSudo, createPasskeyUser } from './test-passkey.ts'

/** At least one call for every flow of passkeys. */
export const passkeyFlowCalls: FlowCall[] = [
  {
    flow: 'session.sudo',
    call: 'sudoByPasskey',
    outcome: 'signed-in',
    async arrange(test) {
      const { user, browser, passkey } = await createPasskeyUser(test)
      const response = await answerSudo(test, browser, passkey)
      return {
        run: (caller) => sudoByPasskey(test.runtime, caller, { response }),
        hidden: [user.email, response.id],
        from: browser,
      }
    },
  },
  {
    flow: 'passkey.register',
    call: 'addUserPasskey',
    outcome: 'signed-in',
    async arrange(test) {
      const { browser: from } = await signedIn(test)
      const response = await answerEnrolment(test, from, createSoftwarePasskey())
      const nickname = 'Blue phone'
      return {
        run: (caller) => addUserPasskey(test.runtime, caller, { response, nickname }),
        hidden: [response.id, nickname],
        from,
      }
    },
  },
  {
    flow: 'passkey.authenticate',
    call: 'logInUserByPasskey',
    outcome: 'signed-in',
    async arrange(test) {
      const { user, passkey } = await createPasskeyUser(test)
      const from = createTestCaller()
      const response = await answerLogIn(test, from, passkey)
      return {
        run: (caller) => logInUserByPasskey(test.runtime, caller, { response }),
        hidden: [user.email, response.id],
        from,
      }
    },
  },
  {
    flow: 'passkey.authenticate',
    call: 'verifySecondFactorByPasskey, without a sign-in that waits for it',
    outcome: 'session-ended',
    async arrange(test) {
      const { browser: from } = await signedIn(test)
      return {
        run: (caller) => verifySecondFactorByPasskey(test.runtime, caller, { response: null }),
        hidden: [],
        from,
      }
    },
  },
]

/** Calls that may write without a bucket, each with its reason. */
export const passkeyUnlimitedCalls = {
  offerUserPasskey: 'writes one column, once per account and browser, for whoever has just logged in',
}

/** Calls that are over before there is anything to charge for, each with its reason. */
export const passkeyIdleCalls = {
  'verifySecondFactorByPasskey, without a sign-in that waits for it': 'there is nobody to look at',
}
