import { createSoftwarePasskey } from '@sigra/core/testing'
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
import { changeMemberRole } from '../organizations/change-member-role.ts'
import { changeOrganizationSlug } from '../organizations/change-organization-slug.ts'
import { createOrganization } from '../organizations/create-organization.ts'
import { acceptInvitation } from '../organizations/answer-invitation.ts'
import { receiveInvitation } from './test-invitation.ts'
import { resendInvitation, revokeInvitation } from '../organizations/change-invitation.ts'
import { listInvitations } from '../organizations/list-invitations.ts'
import { inviteMembers } from '../organizations/invite-members.ts'
import { leaveOrganization } from '../organizations/leave-organization.ts'
import { removeMember } from '../organizations/remove-member.ts'
import { renameOrganization } from '../organizations/rename-organization.ts'
import { switchOrganization } from '../organizations/switch-organization.ts'
import { updateOrganizationPolicy } from '../organizations/update-organization-policy.ts'
import { addUserPasskey } from '../passkeys/add-user-passkey.ts'
import { createPasskeyEnrolment } from '../passkeys/create-passkey-enrolment.ts'
import { offerUserPasskey } from '../passkeys/offer-user-passkey.ts'
import { removeUserPasskey } from '../passkeys/remove-user-passkey.ts'
import { renameUserPasskey } from '../passkeys/rename-user-passkey.ts'
import { sudoByPasskey } from '../passkeys/sudo-by-passkey.ts'
import { verifySecondFactorByPasskey } from '../passkeys/verify-second-factor-by-passkey.ts'
import type { Runtime } from '../runtime.ts'
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
import { nextRequest, type TestCaller } from './test-caller.ts'
import { scheduledAndBack } from './test-scheduling.ts'
import { askForEmailChange } from './test-email-change.ts'
import { deliverMail, findMail } from './test-mail.ts'
import { createTestOrganization, createTestSlug, joinTestOrganization } from './test-members.ts'
import { answerEnrolment, answerSecondFactor, answerSudo, createPasskeyUser } from './test-passkey.ts'
import type { TestRuntime } from './test-runtime.ts'
import { createTotpUser, logInBrowser, totpCode } from './test-second-factor.ts'
import { createTestEmail } from './test-registration.ts'
import { signInTestUser } from './test-session.ts'
import { createTestUser, type TestUser } from './test-user.ts'

/** A call in somebody's name that would change something. */
export interface HeldCall {
  user: TestUser
  /** Whose session it is, as the request found it. */
  browser: TestCaller
  run(runtime: Runtime, caller: TestCaller): Promise<unknown>
}

type Arrange = (test: TestRuntime) => Promise<HeldCall>

/** Each flow that changes something in the name of a session or of a sign-in that waits: one without does not compile. */
export const heldCalls: { [Flow in FlowOf<'session' | 'pending' | 'enrolment' | 'browser'>]: Arrange } = {
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
  async sudoByPasskey(test) {
    const { user, browser, passkey } = await createPasskeyUser(test)
    const response = await answerSudo(test, browser, passkey)
    return { user, browser, run: (rt, caller) => sudoByPasskey(rt, caller, { response }) }
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

  createOrganization: async (test) => ({
    ...(await signedIn(test)),
    run: (rt, caller) => createOrganization(rt, caller, { name: 'Acme', slug: createTestSlug() }),
  }),
  async renameOrganization(test) {
    const { organizationId, ...held } = await withOrganization(test)
    return { ...held, run: (rt, caller) => renameOrganization(rt, caller, { organizationId, name: 'Rival' }) }
  },
  async changeOrganizationSlug(test) {
    const { organizationId, ...held } = await withOrganization(test)
    const slug = createTestSlug()
    return { ...held, run: (rt, caller) => changeOrganizationSlug(rt, caller, { organizationId, slug }) }
  },
  async updateOrganizationPolicy(test) {
    const { organizationId, ...held } = await withOrganization(test)
    const policy = { secondFactorInDays: null, allowedMethods: ['pwd'], maxSessionMinutes: 60 }
    return {
      ...held,
      run: (rt, caller) => updateOrganizationPolicy(rt, caller, { organizationId, ...policy }),
    }
  },
  async switchOrganization(test) {
    const { slug, ...held } = await withOrganization(test)
    return { ...held, run: (rt, caller) => switchOrganization(rt, caller, { slug }) }
  },
  async changeMemberRole(test) {
    const { organizationId, memberId, ...held } = await withOrganization(test)
    return {
      ...held,
      run: (rt, caller) => changeMemberRole(rt, caller, { organizationId, memberId, role: 'admin' }),
    }
  },
  async removeMember(test) {
    const { organizationId, memberId, ...held } = await withOrganization(test)
    return { ...held, run: (rt, caller) => removeMember(rt, caller, { organizationId, memberId }) }
  },
  async inviteMembers(test) {
    const { organizationId, ...held } = await withOrganization(test)
    const emails = createTestEmail()
    return {
      ...held,
      run: (rt, caller) => inviteMembers(rt, caller, { organizationId, emails, role: 'member' }),
    }
  },
  async resendInvitation(test) {
    const { organizationId, invitationId, ...held } = await withInvitation(test)
    return { ...held, run: (rt, caller) => resendInvitation(rt, caller, { organizationId, invitationId }) }
  },
  async revokeInvitation(test) {
    const { organizationId, invitationId, ...held } = await withInvitation(test)
    return { ...held, run: (rt, caller) => revokeInvitation(rt, caller, { organizationId, invitationId }) }
  },
  async acceptInvitation(test) {
    const { user, token } = await receiveInvitation(test)
    const browser = await signInTestUser(test, user)
    return { user, browser, run: (rt, caller) => acceptInvitation(rt, caller, { token }) }
  },
  async leaveOrganization(test) {
    const { organizationId, organization, ...held } = await withOrganization(test)
    const other = await createTestUser(test, { hashedPassword: null })
    await joinTestOrganization(test, organization, other.id, 'owner')
    return { ...held, run: (rt, caller) => leaveOrganization(rt, caller, { organizationId }) }
  },

  offerUserPasskey: async (test) => ({ ...(await signedIn(test)), run: offerUserPasskey }),

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

  async verifyUserSecondFactor(test) {
    const { user, code } = await createTotpUser(test)
    const typed = code()
    const browser = await logInBrowser(test, user)
    return { user, browser, run: (rt, caller) => verifyUserSecondFactor(rt, caller, { code: typed }) }
  },
  async verifySecondFactorByPasskey(test) {
    const { user, browser: first, passkey } = await createPasskeyUser(test)
    const on = await requireUserSecondStep(test.runtime, first)
    if (!on.ok) throw new Error(on.reason)
    const browser = await logInBrowser(test, user)
    const response = await answerSecondFactor(test, browser, passkey)
    return { user, browser, run: (rt, caller) => verifySecondFactorByPasskey(rt, caller, { response }) }
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

async function signedIn(test: TestRuntime): Promise<{ user: TestUser; browser: TestCaller }> {
  const user = await createTestUser(test)
  return { user, browser: await signInTestUser(test, user) }
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

/** An owner, and a member whom they may do something about. */
async function withOrganization(test: TestRuntime) {
  const { user, browser } = await signedIn(test)
  const organization = await createTestOrganization(test, { owner: user.id })
  const other = await createTestUser(test, { hashedPassword: null })
  const memberId = await joinTestOrganization(test, organization, other.id, 'member')
  return { user, browser, organization, organizationId: organization.id, slug: organization.slug, memberId }
}

async function withInvitation(test: TestRuntime) {
  const held = await withOrganization(test)
  const { organizationId } = held
  const [invitation] = await inviteForTest(test, held.browser, organizationId)
  return { ...held, invitationId: invitation?.id ?? '' }
}

/** Invites somebody new, and gives what waits for an answer then. */
async function inviteForTest(test: TestRuntime, browser: TestCaller, organizationId: string) {
  const emails = createTestEmail()
  await inviteMembers(test.runtime, browser, { organizationId, emails, role: 'member' })
  const listed = await listInvitations(test.runtime, browser, { organizationId })
  return listed.ok ? listed.invitations : []
}
