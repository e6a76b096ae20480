import { confirmUserByCode } from '../confirm/confirm-user-by-code.ts'
import { confirmUserWithNewPassword } from '../confirm/confirm-user-with-new-password.ts'
import { confirmUser } from '../confirm/confirm-user.ts'
import { deliverUserConfirmationInstructions } from '../confirm/deliver-user-confirmation-instructions.ts'
import { rejectRegistration } from '../confirm/reject-registration.ts'
import { approveUserEmailChange } from '../email-change/approve-user-email-change.ts'
import { logInUser } from '../log-in/log-in-user.ts'
import { logOutUser } from '../log-out/log-out-user.ts'
import { deliverUserLogInInstructions } from '../magic-link/deliver-user-log-in-instructions.ts'
import { logInUserByMagicCode } from '../magic-link/log-in-user-by-magic-code.ts'
import { logInUserByMagicLink } from '../magic-link/log-in-user-by-magic-link.ts'
import { secureUser } from '../not-me/secure-user.ts'
import { registerUser } from '../register/register-user.ts'
import { deliverUserResetPasswordInstructions } from '../reset/deliver-user-reset-password-instructions.ts'
import { resetUserPassword } from '../reset/reset-user-password.ts'
import { disableUserTotp } from '../second-factor/disable-user-totp.ts'
import { enrollUserTotp } from '../second-factor/enroll-user-totp.ts'
import { verifyUserSecondFactor } from '../second-factor/verify-user-second-factor.ts'
import { deleteAllUserSessionTokens } from '../sessions/delete-sessions.ts'
import { sudoByPassword } from '../sudo/sudo-by-password.ts'
import { sweepExpired } from '../sweeps/sweep-expired.ts'
import { areaFlowCalls } from './area-calls.ts'
import { arrangeHeld, type FlowCall } from './flow-call.ts'
import { heldCalls } from './held-calls.ts'
import { createTestCaller, nextRequest, type TestCaller } from './test-caller.ts'
import { askForEmailChange, withApproval } from './test-email-change.ts'
import { deliverMail, findMail, tokenOf } from './test-mail.ts'
import { receiveNotice } from './test-notice.ts'
import { createTestEmail, registerInBrowser, testPassword } from './test-registration.ts'
import type { TestRuntime } from './test-runtime.ts'
import { createTotpUser } from './test-second-factor.ts'
import { signInTestUser } from './test-session.ts'
import { createTestUser } from './test-user.ts'

/** At least one call for every flow that this package publishes. The worker's own are tested there. */
export const flowCalls: FlowCall[] = [
  {
    flow: 'auth.register',
    call: 'registerUser',
    outcome: 'success',
    async arrange(test) {
      const email = createTestEmail()
      return {
        run: (caller) => registerUser(test.runtime, caller, { email, password: testPassword }),
        hidden: [email, testPassword],
      }
    },
  },
  {
    flow: 'auth.log_in',
    call: 'logInUser',
    outcome: 'signed-in',
    async arrange(test) {
      const { email, password } = await createTestUser(test)
      return {
        run: (caller) => logInUser(test.runtime, caller, { email, password }),
        hidden: [email, password],
      }
    },
  },
  {
    flow: 'auth.log_in',
    call: 'logInUser, refused',
    outcome: 'invalid-credentials',
    async arrange(test) {
      const email = createTestEmail()
      return {
        run: (caller) => logInUser(test.runtime, caller, { email, password: testPassword }),
        hidden: [email, testPassword],
      }
    },
  },
  {
    flow: 'auth.log_out',
    call: 'logOutUser',
    outcome: 'success',
    async arrange(test) {
      const from = await signIn(test)
      return { run: (caller) => logOutUser(test.runtime, caller), hidden: [String(from.sessionToken)], from }
    },
  },
  {
    flow: 'auth.not_me',
    call: 'secureUser',
    outcome: 'success',
    async arrange(test) {
      const user = await createTestUser(test)
      const token = await receiveNotice(test, user)
      return { run: (caller) => secureUser(test.runtime, caller, { token }), hidden: [user.email, token] }
    },
  },
  {
    flow: 'auth.confirm',
    call: 'confirmUser',
    outcome: 'signed-in',
    async arrange(test) {
      const { email, token, browser } = await registerInBrowser(test)
      return {
        run: (caller) => confirmUser(test.runtime, caller, { token }),
        hidden: [email, token],
        from: browser,
      }
    },
  },
  {
    flow: 'auth.confirm',
    call: 'confirmUserByCode',
    outcome: 'signed-in',
    async arrange(test) {
      const { email, code, browser } = await registerInBrowser(test)
      return {
        run: (caller) => confirmUserByCode(test.runtime, caller, { email, code }),
        hidden: [email, code],
        from: browser,
      }
    },
  },
  {
    flow: 'auth.confirm',
    call: 'confirmUserWithNewPassword',
    outcome: 'success',
    async arrange(test) {
      const { email, token } = await registerInBrowser(test)
      const password = 'seven herons over the weir'
      return {
        run: (caller) => confirmUserWithNewPassword(test.runtime, caller, { token, password }),
        hidden: [email, token, password],
      }
    },
  },
  {
    flow: 'auth.confirm',
    call: 'rejectRegistration',
    outcome: 'success',
    async arrange(test) {
      const { email, token } = await registerInBrowser(test)
      return { run: (caller) => rejectRegistration(test.runtime, caller, { token }), hidden: [email, token] }
    },
  },
  {
    flow: 'auth.confirm_request',
    call: 'deliverUserConfirmationInstructions',
    outcome: 'success',
    async arrange(test) {
      const email = createTestEmail()
      return {
        run: (caller) => deliverUserConfirmationInstructions(test.runtime, caller, { email }),
        hidden: [email],
      }
    },
  },
  {
    flow: 'auth.reset_request',
    call: 'deliverUserResetPasswordInstructions',
    outcome: 'success',
    async arrange(test) {
      const { email } = await createTestUser(test)
      return {
        run: (caller) => deliverUserResetPasswordInstructions(test.runtime, caller, { email }),
        hidden: [email],
      }
    },
  },
  {
    flow: 'auth.reset',
    call: 'resetUserPassword',
    outcome: 'success',
    async arrange(test) {
      const { email } = await createTestUser(test)
      await deliverUserResetPasswordInstructions(test.runtime, createTestCaller(), { email })
      const token = tokenOf(findMail(await deliverMail(test), 'resetPassword').props.resetUrl)
      const password = 'seven herons over the weir'
      return {
        run: (caller) => resetUserPassword(test.runtime, caller, { token, password }),
        hidden: [email, token, password],
      }
    },
  },
  {
    flow: 'auth.magic_link_request',
    call: 'deliverUserLogInInstructions',
    outcome: 'success',
    async arrange(test) {
      const { email } = await createTestUser(test)
      return {
        run: (caller) => deliverUserLogInInstructions(test.runtime, caller, { email }),
        hidden: [email],
      }
    },
  },
  {
    flow: 'auth.magic_link',
    call: 'logInUserByMagicLink',
    outcome: 'signed-in',
    async arrange(test) {
      const { email } = await createTestUser(test)
      await deliverUserLogInInstructions(test.runtime, createTestCaller(), { email })
      const token = tokenOf(findMail(await deliverMail(test), 'magicLink').props.logInUrl)
      return {
        run: (caller) => logInUserByMagicLink(test.runtime, caller, { token }),
        hidden: [email, token],
      }
    },
  },
  {
    flow: 'auth.magic_link',
    call: 'logInUserByMagicCode',
    outcome: 'signed-in',
    async arrange(test) {
      const { email } = await createTestUser(test)
      const from = createTestCaller()
      await deliverUserLogInInstructions(test.runtime, from, { email })
      const { code } = findMail(await deliverMail(test), 'magicLink').props
      return {
        run: (caller) => logInUserByMagicCode(test.runtime, caller, { email, code }),
        hidden: [email, String(code)],
        from,
      }
    },
  },
  {
    flow: 'session.resolve',
    call: 'resolveSession',
    outcome: 'success',
    isOfRequest: false,
    async arrange(test) {
      const from = await signIn(test)
      return { run: (caller) => nextRequest(test.runtime, caller), hidden: [String(from.sessionToken)], from }
    },
  },
  {
    flow: 'account.consent',
    call: 'acceptUserDocuments',
    outcome: 'signed-in',
    arrange: (test) => arrangeHeld(test, heldCalls.acceptUserDocuments),
  },
  {
    flow: 'account.email_change',
    call: 'updateUserEmail',
    outcome: 'success',
    arrange: (test) => arrangeHeld(test, heldCalls.updateUserEmail),
  },
  {
    flow: 'account.email_change',
    call: 'approveUserEmailChange',
    outcome: 'success',
    async arrange(test) {
      const strict = withApproval(test)
      const user = await createTestUser(test)
      const { mailbox } = await askForEmailChange(strict, await signInTestUser(test, user))
      const token = tokenOf(findMail(mailbox, 'emailChangeRequested').props.approveUrl ?? '')
      return {
        run: (caller) => approveUserEmailChange(strict.runtime, caller, { token }),
        hidden: [user.email, token],
      }
    },
  },
  {
    flow: 'account.delete',
    call: 'scheduleUserDeletion',
    outcome: 'success',
    arrange: (test) => arrangeHeld(test, heldCalls.scheduleUserDeletion),
  },
  {
    flow: 'account.export',
    call: 'exportUserData',
    outcome: 'success',
    arrange: (test) => arrangeHeld(test, heldCalls.exportUserData),
  },
  {
    flow: 'session.revoke',
    call: 'deleteAllUserSessionTokens',
    outcome: 'success',
    async arrange(test) {
      const { id, email } = await createTestUser(test)
      return { run: (caller) => deleteAllUserSessionTokens(test.runtime, id, caller), hidden: [email] }
    },
  },
  {
    flow: 'session.sudo',
    call: 'sudoByPassword',
    outcome: 'success',
    async arrange(test) {
      const user = await createTestUser(test)
      const { password, email } = user
      const from = await signInTestUser(test, user)
      return {
        run: (caller) => sudoByPassword(test.runtime, caller, { password }),
        hidden: [email, password, String(from.sessionToken)],
        from,
      }
    },
  },
  {
    flow: 'mfa.enroll',
    call: 'enrollUserTotp',
    outcome: 'success',
    async arrange(test) {
      const user = await createTestUser(test)
      return {
        run: (caller) => enrollUserTotp(test.runtime, caller),
        hidden: [user.email, 'otpauth'],
        from: await signInTestUser(test, user),
      }
    },
  },
  {
    flow: 'mfa.challenge',
    call: 'verifyUserSecondFactor',
    outcome: 'signed-in',
    async arrange(test) {
      const { user, code } = await createTotpUser(test)
      const typed = code()
      return {
        run: (caller) => verifyUserSecondFactor(test.runtime, caller, { code: typed }),
        hidden: [user.email, typed],
        from: await signInTestUser(test, user),
      }
    },
  },
  {
    flow: 'mfa.disable',
    call: 'disableUserTotp',
    outcome: 'success',
    async arrange(test) {
      const { user, browser } = await createTotpUser(test)
      return { run: (caller) => disableUserTotp(test.runtime, caller), hidden: [user.email], from: browser }
    },
  },
  ...areaFlowCalls,
  {
    flow: 'sweep.run',
    call: 'sweepExpired',
    outcome: 'success',
    isOfRequest: false,
    arrange: async (test) => ({ run: () => sweepExpired(test.runtime), hidden: [] }),
  },
]

async function signIn(test: TestRuntime): Promise<TestCaller> {
  return signInTestUser(test, await createTestUser(test))
}
