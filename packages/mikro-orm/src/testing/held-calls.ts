import { disputeUserEvent } from '../activity/dispute-user-event.ts'
import { listUserActivity } from '../activity/list-user-activity.ts'
import { acceptUserDocuments } from '../consent/accept-user-documents.ts'
import { sql } from '../database/sql.ts'
import { cancelUserDeletion } from '../deletion/cancel-user-deletion.ts'
import { scheduleUserDeletion } from '../deletion/schedule-user-deletion.ts'
import { cancelUserEmailChange } from '../email-change/cancel-user-email-change.ts'
import { deliverUserUpdateEmailInstructions } from '../email-change/deliver-user-update-email-instructions.ts'
import { resendUserEmailChange } from '../email-change/resend-user-email-change.ts'
import { updateUserEmail } from '../email-change/update-user-email.ts'
import { exportUserData } from '../export/export-user-data.ts'
import type { FlowOf } from '../flows/every-flow.ts'
import { logOutUser } from '../log-out/log-out-user.ts'
import { activateUserTotp } from '../second-factor/activate-user-totp.ts'
import { disableUserTotp } from '../second-factor/disable-user-totp.ts'
import { enrollUserTotp } from '../second-factor/enroll-user-totp.ts'
import { issueUserBackupCodes } from '../second-factor/issue-user-backup-codes.ts'
import { regenerateUserBackupCodes } from '../second-factor/regenerate-user-backup-codes.ts'
import { allowUserOneStep, requireUserSecondStep } from '../second-factor/require-user-second-step.ts'
import { verifyUserSecondFactor } from '../second-factor/verify-user-second-factor.ts'
import {
  revokeAllUserSessions,
  revokeOtherUserSessions,
  revokeUserSession,
} from '../sessions/revoke-user-sessions.ts'
import { changeRequiredPassword } from '../settings/change-required-password.ts'
import { changeUserPassword, setUserPassword } from '../settings/change-user-password.ts'
import { sudoByPassword } from '../sudo/sudo-by-password.ts'
import { sudoBySecondFactor } from '../sudo/sudo-by-second-factor.ts'
import { deliverUserSudoCode, sudoByCode } from '../sudo/sudo-code.ts'
import { type ArrangeHeldCall, type HeldCall, signedIn } from './held-call.ts'
import { nextRequest, type TestCaller } from './test-caller.ts'
import { askForEmailChange } from './test-email-change.ts'
import { deliverMail, findMail } from './test-mail.ts'
import { createPasskeyUser } from './passkeys/test-passkey.ts'
import { areaHeldCalls } from './area-calls.ts'
import { createTestEmail } from './test-registration.ts'
import type { TestRuntime } from './test-runtime.ts'
import { scheduledAndBack } from './test-scheduling.ts'
import { createTotpUser, logInBrowser, totpCode } from './test-second-factor.ts'
import { signInTestUser } from './test-session.ts'
import { createTestUser, type TestUser } from './test-user.ts'

/** Each flow that changes something in the name of a session or of a sign-in that waits: one without does not compile. */
export const heldCalls: {
  [Flow in FlowOf<'session' | 'pending' | 'enrolment' | 'browser'>]: ArrangeHeldCall
} = {
  ...areaHeldCalls,
  logOutUser: async (test) => ({ ...(await signedIn(test)), run: logOutUser }),

  async sudoByPassword(test) {
    const { user, browser } = await signedIn(test)
    const { password } = user
    return { user, browser, run: (rt, caller) => sudoByPassword(rt, caller, { password }) }
  },
  async sudoBySecondFactor(test) {
    const { user, browser, code } = await createTotpUser(test)
    const typed = code()
    return { user, browser, run: (rt, caller) => sudoBySecondFactor(rt, caller, { code: typed }) }
  },
  async sudoByCode(test) {
    const { user, browser } = await withoutPassword(test)
    await deliverUserSudoCode(test.runtime, browser)
    const { code } = findMail(await deliverMail(test), 'sudoCode').props
    return { user, browser, run: (rt, caller) => sudoByCode(rt, caller, { code }) }
  },
  deliverUserSudoCode: async (test) => ({ ...(await withoutPassword(test)), run: deliverUserSudoCode }),

  async acceptUserDocuments(test) {
    const documents = [{ name: 'terms', version: '1', url: '/terms', required: false }]
    const user = await createTestUser(test)
    const browser = await logInBrowser({ ...test, runtime: { ...test.runtime, documents } }, user)
    const run: HeldCall['run'] = (rt, caller) =>
      acceptUserDocuments({ ...rt, documents }, caller, { documents: 'terms:1' })
    return { user, browser, run }
  },

  deliverUserUpdateEmailInstructions: async (test) => ({
    ...(await signedIn(test)),
    run: (rt, caller) => deliverUserUpdateEmailInstructions(rt, caller, { email: createTestEmail() }),
  }),
  resendUserEmailChange: async (test) => ({ ...(await withEmailChange(test)), run: resendUserEmailChange }),
  cancelUserEmailChange: async (test) => ({ ...(await withEmailChange(test)), run: cancelUserEmailChange }),
  async updateUserEmail(test) {
    const { token, ...asked } = await withEmailChange(test)
    return { ...asked, run: (rt, caller) => updateUserEmail(rt, caller, { token }) }
  },

  scheduleUserDeletion: async (test) => {
    const { user, browser } = await signedIn(test)
    const { email } = user
    return { user, browser, run: (rt, caller) => scheduleUserDeletion(rt, caller, { confirmation: email }) }
  },
  cancelUserDeletion: async (test) => ({ ...(await scheduledAndBack(test)), run: cancelUserDeletion }),

  exportUserData: async (test) => ({
    ...(await signedIn(test)),
    async run(rt, caller) {
      const result = await exportUserData(rt, caller)
      if (result.ok) await result.pieces.stop()
      return result
    },
  }),

  async disputeUserEvent(test) {
    const { user, browser } = await signedIn(test)
    const { events } = await listUserActivity(test.runtime, browser)
    const eventId = events.find(({ action }) => action === 'auth.log_in')?.id
    return { user, browser, run: (rt, caller) => disputeUserEvent(rt, caller, { eventId }) }
  },

  changeUserPassword: async (test) => ({
    ...(await signedIn(test)),
    run: (rt, caller) => changeUserPassword(rt, caller, { password: 'seven herons over the weir' }),
  }),
  setUserPassword: async (test) => ({
    ...(await withoutPassword(test)),
    run: (rt, caller) => setUserPassword(rt, caller, { password: 'seven herons over the weir' }),
  }),
  async revokeUserSession(test) {
    const { user, browser } = await signedIn(test)
    const { session } = await signInTestUser(test, user)
    return { user, browser, run: (rt, caller) => revokeUserSession(rt, caller, { sessionId: session?.id }) }
  },
  async revokeOtherUserSessions(test) {
    const { user, browser } = await signedIn(test)
    await signInTestUser(test, user)
    return { user, browser, run: revokeOtherUserSessions }
  },
  revokeAllUserSessions: async (test) => ({ ...(await signedIn(test)), run: revokeAllUserSessions }),

  disableUserTotp: async (test) => ({ ...(await createTotpUser(test)), run: disableUserTotp }),
  regenerateUserBackupCodes: async (test) => ({
    ...(await createTotpUser(test)),
    run: regenerateUserBackupCodes,
  }),
  requireUserSecondStep: async (test) => ({
    ...(await createPasskeyUser(test)),
    run: requireUserSecondStep,
  }),
  async allowUserOneStep(test) {
    const { user, browser } = await createPasskeyUser(test)
    const on = await requireUserSecondStep(test.runtime, browser)
    if (!on.ok) throw new Error(on.reason)
    return { user, browser: await nextRequest(test.runtime, browser), run: allowUserOneStep }
  },
  enrollUserTotp: async (test) => ({ ...(await signedIn(test)), run: enrollUserTotp }),
  async activateUserTotp(test) {
    const { user, browser } = await signedIn(test)
    const enrolled = await enrollUserTotp(test.runtime, browser)
    if (!enrolled.ok) throw new Error(enrolled.reason)
    const code = totpCode(test, enrolled.enrolment)
    return { user, browser, run: (rt, caller) => activateUserTotp(rt, caller, { code }) }
  },

  async verifyUserSecondFactor(test) {
    const { user, code } = await createTotpUser(test)
    const typed = code()
    const browser = await logInBrowser(test, user)
    return { user, browser, run: (rt, caller) => verifyUserSecondFactor(rt, caller, { code: typed }) }
  },
  async issueUserBackupCodes(test) {
    const { user, code } = await createTotpUser(test)
    await test.rows(sql`update users set require_second_step = true where id = ${user.id}`)
    await test.rows(sql`delete from user_backup_codes where user_id = ${user.id}`)
    const browser = await logInBrowser(test, user)
    await verifyUserSecondFactor(test.runtime, browser, { code: code() })
    return { user, browser: await nextRequest(test.runtime, browser), run: issueUserBackupCodes }
  },
  async changeRequiredPassword(test) {
    const user = await createTestUser(test)
    await test.rows(sql`update users set must_change_password = true where id = ${user.id}`)
    const browser = await signInTestUser(test, user)
    const input = { password: 'seven herons over the weir' }
    return { user, browser, run: (rt, caller) => changeRequiredPassword(rt, caller, input) }
  },
}

/** Somebody who asked for another address, with the token that was mailed there. */
async function withEmailChange(test: TestRuntime) {
  const asked = await signedIn(test)
  const { token } = await askForEmailChange(test, asked.browser)
  return { ...asked, token }
}

/** Somebody who came in by password and has none any more, with the sudo of that sign-in. */
async function withoutPassword(test: TestRuntime): Promise<{ user: TestUser; browser: TestCaller }> {
  const { user, browser } = await signedIn(test)
  await test.rows(sql`update users set hashed_password = null where id = ${user.id}`)
  return { user, browser }
}
