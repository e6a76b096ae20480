import { sql } from '../../database/sql.ts'
import { addDomain } from '../../organizations/add-domain.ts'
import { acceptInvitation } from '../../organizations/answer-invitation.ts'
import {
  acceptOwnInvitation,
  declineOwnInvitation,
  listOwnInvitations,
} from '../../organizations/answer-own-invitation.ts'
import { resendInvitation, revokeInvitation } from '../../organizations/change-invitation.ts'
import { checkDomain, removeDomain } from '../../organizations/change-domain.ts'
import { changeMemberRole } from '../../organizations/change-member-role.ts'
import { changeOrganizationSlug } from '../../organizations/change-organization-slug.ts'
import { createOrganization } from '../../organizations/create-organization.ts'
import { inviteMembers } from '../../organizations/invite-members.ts'
import { joinByDomain } from '../../organizations/join-by-domain.ts'
import { leaveOrganization } from '../../organizations/leave-organization.ts'
import { listDomains } from '../../organizations/list-domains.ts'
import { listInvitations } from '../../organizations/list-invitations.ts'
import { removeMember } from '../../organizations/remove-member.ts'
import { renameOrganization } from '../../organizations/rename-organization.ts'
import { restoreOrganization } from '../../organizations/restore-organization.ts'
import { scheduleOrganizationDeletion } from '../../organizations/schedule-organization-deletion.ts'
import { switchOrganization } from '../../organizations/switch-organization.ts'
import { transferOrganization } from '../../organizations/transfer-organization.ts'
import { updateOrganizationPolicy } from '../../organizations/update-organization-policy.ts'
import { type ArrangeHeldCall, signedIn } from '../held-call.ts'
import type { TestCaller } from '../test-caller.ts'
import { receiveInvitation } from './test-invitation.ts'
import { createTestOrganization, createTestSlug, joinTestOrganization } from './test-members.ts'
import { createTestEmail } from '../test-registration.ts'
import type { TestRuntime } from '../test-runtime.ts'
import { signInTestUser } from '../test-session.ts'
import { createTestUser } from '../test-user.ts'

/** Calls of organizations that change something in the name of a session. */
export const organizationHeldCalls = {
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
  async scheduleOrganizationDeletion(test) {
    const { organizationId, slug, ...held } = await withOrganization(test)
    const asked = { organizationId, confirmation: slug }
    return { ...held, run: (rt, caller) => scheduleOrganizationDeletion(rt, caller, asked) }
  },
  async restoreOrganization(test) {
    const { organizationId, slug, ...held } = await withOrganization(test)
    await scheduleOrganizationDeletion(test.runtime, held.browser, { organizationId, confirmation: slug })
    return { ...held, run: (rt, caller) => restoreOrganization(rt, caller, { organizationId }) }
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
  async acceptOwnInvitation(test) {
    const { invitationId, ...held } = await withOwnInvitation(test)
    return { ...held, run: (rt, caller) => acceptOwnInvitation(rt, caller, { invitationId }) }
  },
  async declineOwnInvitation(test) {
    const { invitationId, ...held } = await withOwnInvitation(test)
    return { ...held, run: (rt, caller) => declineOwnInvitation(rt, caller, { invitationId }) }
  },
  async transferOrganization(test) {
    const { organizationId, slug, memberId, ...held } = await withOrganization(test)
    const input = { organizationId, memberId, confirmation: slug }
    return { ...held, run: (rt, caller) => transferOrganization(rt, caller, input) }
  },
  async leaveOrganization(test) {
    const { organizationId, organization, ...held } = await withOrganization(test)
    const other = await createTestUser(test, { hashedPassword: null })
    await joinTestOrganization(test, organization, other.id, 'owner')
    return { ...held, run: (rt, caller) => leaveOrganization(rt, caller, { organizationId }) }
  },
  async addDomain(test) {
    const { organizationId, ...held } = await withOrganization(test)
    return { ...held, run: (rt, caller) => addDomain(rt, caller, { organizationId, domain: 'acme.example' }) }
  },
  async removeDomain(test) {
    const { organizationId, domainId, ...held } = await withDomain(test)
    return { ...held, run: (rt, caller) => removeDomain(rt, caller, { organizationId, domainId }) }
  },
  async checkDomain(test) {
    const { organizationId, domainId, ...held } = await withDomain(test)
    return { ...held, run: (rt, caller) => checkDomain(rt, caller, { organizationId, domainId }) }
  },
  async joinByDomain(test) {
    const { user, browser } = await signedIn(test)
    const { organizationId, domain } = await withDomain(test, createTestEmail().split('@')[0])
    await test.rows(sql`update organization_domains set verified_at = now() where domain = ${domain}`)
    await test.rows(sql`
      update users set email = 'p@' || ${domain}, email_canonical = 'p@' || ${domain} where id::text = ${user.id}`)
    return { user, browser, run: (rt, caller) => joinByDomain(rt, caller, { organizationId }) }
  },
} satisfies Record<string, ArrangeHeldCall>

/** An owner, and a member whom they may do something about. */
async function withOrganization(test: TestRuntime) {
  const { user, browser } = await signedIn(test)
  const organization = await createTestOrganization(test, { owner: user.id })
  const other = await createTestUser(test, { hashedPassword: null })
  const memberId = await joinTestOrganization(test, organization, other.id, 'member')
  return { user, browser, organization, organizationId: organization.id, slug: organization.slug, memberId }
}

async function withDomain(test: TestRuntime, name = 'acme') {
  const held = await withOrganization(test)
  const { organizationId } = held
  const domain = `${name}.example`
  await addDomain(test.runtime, held.browser, { organizationId, domain })
  const listed = await listDomains(test.runtime, held.browser, { organizationId })
  return { ...held, domain, domainId: (listed.ok && listed.domains[0]?.id) || '' }
}

async function withInvitation(test: TestRuntime) {
  const held = await withOrganization(test)
  const { organizationId } = held
  const [invitation] = await inviteForTest(test, held.browser, organizationId)
  return { ...held, invitationId: invitation?.id ?? '' }
}

/** Somebody who was invited. */
async function withOwnInvitation(test: TestRuntime) {
  const { user } = await receiveInvitation(test)
  const browser = await signInTestUser(test, user)
  const [own] = await listOwnInvitations(test.runtime, browser)
  return { user, browser, invitationId: own?.id ?? '' }
}

/** Invites somebody new, and gives what waits for an answer then. */
async function inviteForTest(test: TestRuntime, browser: TestCaller, organizationId: string) {
  const emails = createTestEmail()
  await inviteMembers(test.runtime, browser, { organizationId, emails, role: 'member' })
  const listed = await listInvitations(test.runtime, browser, { organizationId })
  return listed.ok ? listed.invitations : []
}
