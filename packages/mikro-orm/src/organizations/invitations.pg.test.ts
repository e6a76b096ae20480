import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sql } from '../database/sql.ts'
import {
  createTestCaller,
  createTestRuntime,
  createTestUser,
  recordQueries,
  type TestRuntime,
} from '../testing/index.ts'
import { receiveInvitation } from '../testing/organizations/test-invitation.ts'
import { deliverMail, findMail, readQueue, tokenOf } from '../testing/test-mail.ts'
import { joinTestOrganization, readRolesOf } from '../testing/organizations/test-members.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { createTestEmail } from '../testing/test-registration.ts'
import { signInTestUser } from '../testing/test-session.ts'
import { acceptInvitation, declineInvitation, getInvitationByToken } from './answer-invitation.ts'
import { acceptOwnInvitation, declineOwnInvitation, listOwnInvitations } from './answer-own-invitation.ts'
import { resendInvitation, revokeInvitation } from './change-invitation.ts'
import { changeMemberRole } from './change-member-role.ts'
import { inviteMembers } from './invite-members.ts'
import { listInvitations } from './list-invitations.ts'
import { removeMember } from './remove-member.ts'

const over = { ok: false, reason: 'invalid' }

describe.each(['uuid', 'bigint'] as const)('invitations, with ids of %s', (idType) => {
  let test: TestRuntime
  beforeAll(async () => {
    test = await createTestRuntime({ idType, policy: { ...generousLimits, ...cheapHashing } })
  })
  afterAll(() => test.close())
  beforeEach(() => test.rows(sql`delete from graphile_worker._private_jobs`))

  type Received = Awaited<ReturnType<typeof receiveInvitation>>
  const ownerOf = ({ owner }: Received) => signInTestUser(test, owner)
  const waiting = async (received: Received) => {
    const organizationId = received.organization.id
    const listed = await listInvitations(test.runtime, await ownerOf(received), { organizationId })
    return listed.ok ? listed.invitations : []
  }
  const named = async (received: Received) => ({
    organizationId: received.organization.id,
    invitationId: (await waiting(received))[0]?.id,
  })
  const accept = async ({ user, token }: Pick<Received, 'user' | 'token'>) =>
    acceptInvitation(test.runtime, await signInTestUser(test, user), { token })

  it('let whoever was invited in, once, with the role they were given', async () => {
    const received = await receiveInvitation(test, 'admin')
    const { organization, user } = received
    expect(await accept(received)).toMatchObject({ ok: true, slug: organization.slug })
    expect(await readRolesOf(test, organization)).toMatchObject({ [user.id]: 'admin' })
    expect(await accept(received)).toMatchObject({ ok: true }) // the second press of a button
    test.advance({ minutes: 2 })
    expect(await accept(received)).toEqual(over)
    expect(findMail(await deliverMail(test), 'memberAdded').props).toMatchObject({ role: 'admin' })
  })

  it('are opened by mail scanners without being used up', async () => {
    const { token, user } = await receiveInvitation(test)
    const read = async () => getInvitationByToken(test.runtime, createTestCaller(), token)
    expect([await read(), await read()]).toMatchObject([{ reader: 'signed-out' }, { reader: 'signed-out' }])
    expect(await getInvitationByToken(test.runtime, await signInTestUser(test, user), token)).toMatchObject({
      reader: 'yours',
      role: 'member',
    })
  })

  describe('are listed to whoever was invited', () => {
    const signIn = ({ user }: Pick<Received, 'user'>) => signInTestUser(test, user)
    const listed = async (received: Pick<Received, 'user'>) =>
      listOwnInvitations(test.runtime, await signIn(received))

    it('by the address that they have proven, as long as they are open, and to nobody else', async () => {
      const received = await receiveInvitation(test, 'admin')
      const [own, ...others] = await listed(received)
      expect(others).toEqual([])
      expect(own).toEqual({
        id: expect.any(String),
        organization: received.organization.name,
        role: 'admin',
        expiresAt: expect.any(Date),
      })
      expect(await listed({ user: received.owner })).toEqual([])
      expect(await listOwnInvitations(test.runtime, createTestCaller())).toEqual([])
      const browser = await signIn(received)
      await test.rows(sql`update users set confirmed_at = null where id::text = ${received.user.id}`)
      expect(await listOwnInvitations(test.runtime, browser)).toEqual([])
      await test.rows(sql`update users set confirmed_at = now() where id::text = ${received.user.id}`)
      await test.rows(sql`update organizations set delete_after = now() + interval '1 day'
        where id::text = ${received.organization.id}`)
      expect(await listOwnInvitations(test.runtime, browser)).toEqual([])
    })

    it('and let them in, once, or are declined', async () => {
      const received = await receiveInvitation(test)
      const browser = await signIn(received)
      const [own] = await listOwnInvitations(test.runtime, browser)
      const { slug } = received.organization
      expect(await acceptOwnInvitation(test.runtime, browser, { invitationId: own?.id })).toMatchObject({
        ok: true,
        slug,
      })
      expect(await declineOwnInvitation(test.runtime, browser, { invitationId: own?.id })).toEqual(over)
      expect(await listOwnInvitations(test.runtime, browser)).toEqual([])
      expect(await acceptInvitation(test.runtime, await ownerOf(received), received)).toEqual(over)

      const another = await receiveInvitation(test)
      const [declined] = await listed(another)
      const decline = async () =>
        declineOwnInvitation(test.runtime, await signIn(another), { invitationId: declined?.id })
      expect([await decline(), await decline()]).toEqual([{ ok: true }, over])
      expect(await accept(another)).toEqual(over)
    })

    it('ORG-01, ORG-03: are nobody else’s, whoever knows the id, and nothing is written', async () => {
      const received = await receiveInvitation(test)
      const [own] = await listed(received)
      const stranger = await receiveInvitation(test)
      for (const user of [stranger.user, received.owner]) {
        const browser = await signInTestUser(test, user)
        for (const invitationId of [own?.id, 'x', null, [own?.id]]) {
          expect(await acceptOwnInvitation(test.runtime, browser, { invitationId })).toEqual(over)
          expect(await declineOwnInvitation(test.runtime, browser, { invitationId })).toEqual(over)
        }
      }
      const browser = await signIn(received)
      await test.rows(sql`update users set confirmed_at = null where id::text = ${received.user.id}`)
      const asked = { invitationId: own?.id }
      expect(await acceptOwnInvitation(test.runtime, browser, asked)).toEqual(over)
      expect(await declineOwnInvitation(test.runtime, browser, asked)).toEqual(over)
      expect(await waiting(received)).toHaveLength(1)
      expect(await readRolesOf(test, received.organization)).toEqual({ [received.owner.id]: 'owner' })
    })
  })

  it('ORG-03: join nobody with another address, nor one that is not proven, whoever holds the link', async () => {
    const received = await receiveInvitation(test)
    const { token, organization } = received
    const other = await createTestUser(test)
    expect(await accept({ user: other, token })).toEqual({ ok: false, reason: 'other-address' })
    expect(await acceptInvitation(test.runtime, createTestCaller(), { token })).toEqual({
      ok: false,
      reason: 'signed-out',
    })
    const squatter = await signInTestUser(test, received.user)
    await test.rows(sql`update users set confirmed_at = null where id::text = ${received.user.id}`)
    expect(await acceptInvitation(test.runtime, squatter, { token })).toEqual({
      ok: false,
      reason: 'other-address',
    })
    expect(await readRolesOf(test, organization)).toEqual({ [received.owner.id]: 'owner' })
  })

  describe('ORG-05: are good for nothing, and their email is not sent,', () => {
    const ends: Record<string, (received: Received) => Promise<unknown>> = {
      revoked: async (received) =>
        revokeInvitation(test.runtime, await ownerOf(received), await named(received)),
      resent: async (received) =>
        resendInvitation(test.runtime, await ownerOf(received), await named(received)),
      declined: ({ token }) => declineInvitation(test.runtime, createTestCaller(), { token }),
      expired: ({ organization }) =>
        test.rows(
          sql`update organization_invitations set expires_at = now() where organization_id::text = ${organization.id}`,
        ),
      'of an organization that is to be deleted': ({ organization }) =>
        test.rows(sql`update organizations set delete_after = now() where id::text = ${organization.id}`),
    }
    it.each(Object.entries(ends))('once %s', async (_, end) => {
      const received = await receiveInvitation(test)
      await end(received)
      expect(await accept(received)).toEqual(over)
      expect(await getInvitationByToken(test.runtime, createTestCaller(), received.token)).toBeNull()
      expect(Object.keys(await readRolesOf(test, received.organization))).toHaveLength(1)
    })

    it('where it waits in the queue while the invitation is taken back', async () => {
      const received = await receiveInvitation(test)
      const organizationId = received.organization.id
      const emails = createTestEmail()
      await inviteMembers(test.runtime, await ownerOf(received), { organizationId, emails, role: 'member' })
      for (const { id } of await waiting(received))
        await revokeInvitation(test.runtime, await ownerOf(received), { organizationId, invitationId: id })
      const { sent, dropped } = await deliverMail(test)
      expect(sent.filter(({ kind }) => kind === 'organizationInvitation')).toEqual([])
      expect(dropped).toEqual(['link used, replaced, taken back or too old'])
    })

    it.each(['demoted', 'removed'])('once who sent it is %s', async (how) => {
      const { organization, owner } = await receiveInvitation(test)
      const inviter = await createTestUser(test)
      const memberId = await joinTestOrganization(test, organization, inviter.id, 'admin')
      const organizationId = organization.id
      const guest = await createTestUser(test)
      const emails = guest.email
      await inviteMembers(test.runtime, await signInTestUser(test, inviter), {
        organizationId,
        emails,
        role: 'admin',
      })
      const token = tokenOf(findMail(await deliverMail(test), 'organizationInvitation').props.invitationUrl)
      const browser = await signInTestUser(test, owner)
      if (how === 'removed') await removeMember(test.runtime, browser, { organizationId, memberId })
      else await changeMemberRole(test.runtime, browser, { organizationId, memberId, role: 'member' })
      expect(await accept({ user: guest, token })).toEqual(over)
    })
  })

  it('are mailed again five times, each with another link', async () => {
    const received = await receiveInvitation(test)
    const resend = async () => resendInvitation(test.runtime, await ownerOf(received), await named(received))
    for (let n = 0; n < 5; n += 1) expect(await resend()).toEqual({ ok: true })
    expect(await resend()).toEqual({ ok: false, reason: 'sent-too-often' })
    const { sent } = await deliverMail(test)
    expect(sent.filter(({ kind }) => kind === 'organizationInvitation')).toHaveLength(1)
  })

  it('ORG-16: are answered alike for every address, and one answer for each line', async () => {
    const received = await receiveInvitation(test)
    const known = await createTestUser(test)
    const unconfirmed = await createTestUser(test, { confirmed: false })
    const emails = [
      known.email,
      unconfirmed.email,
      createTestEmail(),
      'no address',
      known.email,
      received.user.email,
      received.owner.email,
    ]
    const input = { organizationId: received.organization.id, emails: emails.join('\n'), role: 'member' }
    const result = await inviteMembers(test.runtime, await ownerOf(received), input)
    expect(result.ok && result.lines.map(({ answer }) => answer)).toEqual([
      'sent',
      'sent',
      'sent',
      'not-an-email-address',
      'repeated',
      'invited',
      'member',
    ])
    const queued = (await readQueue(test)).filter(({ kind }) => kind === 'organizationInvitation')
    expect(queued.map(({ address }) => address)).toEqual(
      emails.slice(0, 3).map((email) => email.toLowerCase()),
    )
  })

  it('ORG-16: cost the same statements for every address, whoever has it', async () => {
    const received = await receiveInvitation(test)
    const browser = await ownerOf(received)
    const costs = []
    const addresses = [await createTestUser(test), await createTestUser(test, { confirmed: false })]
    for (const { email } of [...addresses, { email: createTestEmail() }]) {
      const input = { organizationId: received.organization.id, emails: email, role: 'member' }
      costs.push(await recordQueries(test.orm, () => inviteMembers(test.runtime, { ...browser }, input)))
    }
    expect(costs).toEqual([costs[0], costs[0], costs[0]])
    expect(costs[0]?.length).toBeGreaterThan(3)
  })

  it('are not sent by who may not, for a role that they could not give, nor to more than a form takes', async () => {
    const { organization } = await receiveInvitation(test)
    const [admin, member] = [await createTestUser(test), await createTestUser(test)]
    await joinTestOrganization(test, organization, admin.id, 'admin')
    await joinTestOrganization(test, organization, member.id, 'member')
    const invite = async (user: typeof admin, role: unknown, emails: unknown = createTestEmail()) =>
      inviteMembers(test.runtime, await signInTestUser(test, user), {
        organizationId: organization.id,
        emails,
        role,
      })
    expect(await invite(member, 'member')).toEqual({ ok: false, reason: 'forbidden' })
    expect(await invite(admin, 'Owner')).toEqual({ ok: false, reason: 'unknown-role' })
    expect(await invite(admin, 'member', ' ')).toEqual({ ok: false, reason: 'no-addresses' })
    const many = Array.from({ length: 51 }, createTestEmail).join('\n')
    expect(await invite(admin, 'member', many)).toEqual({ ok: false, reason: 'too-many-addresses', most: 50 })
  })

  it('are not sent again to who declined, until a month has passed', async () => {
    const received = await receiveInvitation(test)
    await declineInvitation(test.runtime, createTestCaller(), received)
    const input = { organizationId: received.organization.id, emails: received.user.email, role: 'member' }
    const again = await inviteMembers(test.runtime, await ownerOf(received), input)
    expect(again).toMatchObject({ lines: [{ answer: 'declined' }] })
  })
})
