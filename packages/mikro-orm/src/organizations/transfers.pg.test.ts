import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sql } from '../database/sql.ts'
import { inTransaction, newIdOf } from '../database/transaction.ts'
import {
  createTestCaller,
  createTestRuntime,
  createTestUser,
  nextRequest,
  race,
  RaceLost,
  type TestRuntime,
  type TestUser,
} from '../testing/index.ts'
import { deliverMail, findMail, tokenOf } from '../testing/test-mail.ts'
import { joinTestOrganization, readRolesOf } from '../testing/organizations/test-members.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { signInTestUser } from '../testing/test-session.ts'
import { testRoles } from '../testing/organizations/test-organizations.ts'
import {
  arrangeTransfer,
  receiveTransfer,
  type TestTransfer,
  transferIt,
} from '../testing/organizations/test-transfer.ts'
import { getUserDeletionState } from '../deletion/get-user-deletion-state.ts'
import { runUserDeletions } from '../deletion/run-user-deletions.ts'
import { scheduleUserDeletion } from '../deletion/schedule-user-deletion.ts'
import { acceptInvitation } from './answer-invitation.ts'
import { changeMemberRole } from './change-member-role.ts'
import { getOrganizationTransfer, getOrganizationTransferByToken } from './get-transfer.ts'
import { inviteMembers } from './invite-members.ts'
import { leaveOrganization } from './leave-organization.ts'
import { removeMember } from './remove-member.ts'
import { scheduleOrganizationDeletion } from './schedule-organization-deletion.ts'
import { undoOrganizationTransfer } from './undo-transfer.ts'

const over = { ok: false, reason: 'invalid' }
const open = { ok: false, reason: 'transfer-open', undoUntil: expect.any(Date) }

describe.each(['uuid', 'bigint'] as const)('transfers of organizations, with ids of %s', (idType) => {
  let test: TestRuntime
  beforeAll(async () => {
    test = await createTestRuntime({ idType, policy: { ...generousLimits, ...cheapHashing } })
  })
  afterAll(() => test.close())
  beforeEach(() => test.rows(sql`delete from graphile_worker._private_jobs`))

  const undo = (token: string) => undoOrganizationTransfer(test.runtime, createTestCaller(), { token })
  const rolesOf = ({ organization }: TestTransfer) => readRolesOf(test, organization)
  const membershipOf = async ({ organization }: TestTransfer, { id }: TestUser) => {
    const [row] = await test.rows<{ id: string }>(sql`select id::text as id from organization_memberships
      where organization_id::text = ${organization.id} and user_id::text = ${id}`)
    return row?.id ?? ''
  }
  const make = async (by: TestUser, arranged: TestTransfer, memberId: string, role: string) =>
    changeMemberRole(test.runtime, await signInTestUser(test, by), {
      organizationId: arranged.organization.id,
      memberId,
      role,
    })
  const expire = ({ organization }: TestTransfer) =>
    test.rows(sql`update organizations set transfer_undo_until = now() where id::text = ${organization.id}`)

  it('make a member an owner, and the owner what is below', async () => {
    const arranged = await arrangeTransfer(test)
    expect(await transferIt(test, arranged)).toEqual({ ok: true, undoUntil: expect.any(Date), role: 'admin' })
    expect(await rolesOf(arranged)).toEqual({ [arranged.giver.id]: 'admin', [arranged.receiver.id]: 'owner' })
    const [event] = await test.rows(sql`select action, subject_id as to, metadata from audit_events
      where organization_id = ${arranged.organization.id}`)
    expect(event).toEqual({
      action: 'organization.transferred',
      to: arranged.receiver.id,
      metadata: { role: 'owner', formerRole: 'member' },
    })
  })

  it('are told to whoever hands it over, to whoever gets it, and to other owners', async () => {
    const arranged = await arrangeTransfer(test)
    const other = await createTestUser(test)
    await joinTestOrganization(test, arranged.organization, other.id, 'owner')
    await transferIt(test, arranged)
    const { sent } = await deliverMail(test)
    const { giver, receiver } = arranged
    const told = sent.map(({ to, props }) => [to, 'reader' in props ? props.reader : null])
    expect(Object.fromEntries(told)).toEqual({
      [giver.email]: 'giver',
      [receiver.email]: 'receiver',
      [other.email]: 'owner',
    })
    expect(sent.map(({ props }) => props)).toEqual(
      sent.map(() =>
        expect.objectContaining({
          from: giver.email,
          to: receiver.email,
          undoUrl: expect.stringContaining('https://app.test/organizations/transfers/'),
          undoUntil: expect.any(Date),
        }),
      ),
    )
  })

  it('are made five times a day by one owner', async () => {
    const arranged = await arrangeTransfer(test)
    const mistyped = { ...arranged, organization: { ...arranged.organization, slug: 'other' } }
    for (let tries = 0; tries < 5; tries++)
      expect(await transferIt(test, mistyped)).toMatchObject({ reason: 'not-the-slug' })
    expect(await transferIt(test, arranged)).toMatchObject({ reason: 'limited' })
  })

  it('are seen by members as long as they can be undone', async () => {
    const arranged = await receiveTransfer(test)
    const { giver, receiver, organization } = arranged
    const look = async (by: TestUser) =>
      getOrganizationTransfer(test.runtime, await signInTestUser(test, by), {
        organizationId: organization.id,
      })
    const { email: from } = giver
    const transfer = { organization: 'Acme', from, to: receiver.email, undoUntil: expect.any(Date) }
    for (const member of [giver, receiver]) expect(await look(member)).toEqual({ ok: true, transfer })
    expect(await look(await createTestUser(test))).toEqual({ ok: false, reason: 'unknown-organization' })
    await expire(arranged)
    expect(await look(receiver)).toEqual({ ok: true, transfer: null })
  })

  describe('are refused', () => {
    it('to whoever typed something else, and to whoever is an owner', async () => {
      const { browser, organization, memberId, ...arranged } = await arrangeTransfer(test)
      const typed = { browser, memberId, organization: { ...organization, slug: `${organization.slug}x` } }
      expect(await transferIt(test, typed)).toEqual({ ok: false, reason: 'not-the-slug' })
      const own = await membershipOf({ ...arranged, browser, organization, memberId }, arranged.giver)
      const again = { browser, organization, memberId: own }
      expect(await transferIt(test, again)).toEqual({ ok: false, reason: 'owner-already' })
    })

    it('to who is no owner, whatever else they may', async () => {
      const arranged = await arrangeTransfer(test)
      const admin = await createTestUser(test)
      await joinTestOrganization(test, arranged.organization, admin.id, 'admin')
      const browser = await signInTestUser(test, admin)
      expect(await transferIt(test, { ...arranged, browser })).toEqual({ ok: false, reason: 'forbidden' })
    })

    it('without a fresh sudo', async () => {
      const arranged = await arrangeTransfer(test)
      test.advance({ minutes: 30 })
      const browser = await nextRequest(test.runtime, arranged.browser)
      await expect(transferIt(test, { ...arranged, browser })).rejects.toThrow('fresh sudo')
    })

    it.each([
      ['has not proven their address', sql`update users set confirmed_at = null`],
      ['is disabled', sql`update users set disabled_at = now()`],
      ['is to be deleted', sql`update users set delete_after = now() + interval '14 days'`],
    ])('to a member who %s', async (_, change) => {
      const arranged = await arrangeTransfer(test)
      await test.rows(sql`${change} where id = ${arranged.receiver.id}`)
      expect(await transferIt(test, arranged)).toEqual({ ok: false, reason: 'not-ready' })
    })

    it.each([
      ['has no second factor', sql`second_factor_from = now() + interval '20 days'`],
      ['has none of the methods', sql`allowed_methods = '{pop}'`],
    ])('to a member who %s that the policy asks for', async (_, change) => {
      const arranged = await arrangeTransfer(test)
      await test.rows(sql`update organizations set ${change} where id::text = ${arranged.organization.id}`)
      await test.rows(sql`update user_sessions set amr = '{pwd,pop}' where user_id = ${arranged.giver.id}`)
      const browser = await nextRequest(test.runtime, arranged.browser)
      expect(await transferIt(test, { ...arranged, browser })).toEqual({ ok: false, reason: 'not-ready' })
    })
  })

  describe('ORG-17: undone by the link', () => {
    it('give the giver their role back, and take it from whoever got it', async () => {
      const arranged = await receiveTransfer(test)
      const { giver, receiver, organization, token } = arranged
      const page = await getOrganizationTransferByToken(test.runtime, createTestCaller(), token)
      expect(page).toMatchObject({ organization: 'Acme', from: giver.email, to: receiver.email })
      expect(await undo(token)).toEqual({ ok: true, organization: organization.name })
      expect(await rolesOf(arranged)).toEqual({ [giver.id]: 'owner', [receiver.id]: 'member' })
      expect(await undo(token)).toEqual(over)
      const { sent } = await deliverMail(test)
      expect(sent.map(({ kind, to }) => [kind, to]).toSorted()).toEqual(
        [
          ['memberRoleChanged', giver.email],
          ['memberRoleChanged', receiver.email],
        ].toSorted(),
      )
    })

    it('take it from whom the receiver made an owner, and from whom they invited as one', async () => {
      const arranged = await receiveTransfer(test)
      const { giver, receiver, organization, token } = arranged
      const [friend, invited] = [await createTestUser(test), await createTestUser(test)]
      const friendId = await joinTestOrganization(test, organization, friend.id, 'admin')
      expect(await make(receiver, arranged, friendId, 'owner')).toMatchObject({ ok: true })
      const inviter = await signInTestUser(test, friend)
      const invitation = { organizationId: organization.id, emails: invited.email, role: 'owner' }
      expect(await inviteMembers(test.runtime, inviter, invitation)).toMatchObject({ ok: true })
      const { invitationUrl } = findMail(await deliverMail(test), 'organizationInvitation').props
      const joined = await acceptInvitation(test.runtime, await signInTestUser(test, invited), {
        token: tokenOf(invitationUrl),
      })
      expect(joined).toMatchObject({ ok: true })
      await undo(token)
      expect(await rolesOf(arranged)).toEqual({
        [giver.id]: 'owner',
        [receiver.id]: 'member',
        [friend.id]: 'admin',
        [invited.id]: 'member',
      })
    })

    it('leave owners be whom an owner from before made one', async () => {
      const arranged = await arrangeTransfer(test)
      const [other, friend] = [await createTestUser(test), await createTestUser(test)]
      await joinTestOrganization(test, arranged.organization, other.id, 'owner')
      const friendId = await joinTestOrganization(test, arranged.organization, friend.id, 'member')
      await transferIt(test, arranged)
      const { undoUrl } = findMail(await deliverMail(test), 'organizationTransferred').props
      await make(other, arranged, friendId, 'owner')
      await undo(tokenOf(undoUrl))
      expect(await rolesOf(arranged)).toEqual({
        [arranged.giver.id]: 'owner',
        [arranged.receiver.id]: 'member',
        [other.id]: 'owner',
        [friend.id]: 'owner',
      })
    })

    it('leave owners be whom a transfer before made some', async () => {
      const arranged = await receiveTransfer(test)
      const { giver, receiver, organization } = arranged
      const friend = await createTestUser(test)
      const friendId = await joinTestOrganization(test, organization, friend.id, 'admin')
      await make(receiver, arranged, friendId, 'owner')
      await expire(arranged)
      await deliverMail(test)
      const browser = await signInTestUser(test, receiver)
      const memberId = await membershipOf(arranged, giver)
      expect(await transferIt(test, { organization, browser, memberId })).toMatchObject({ ok: true })
      const { undoUrl } = findMail(await deliverMail(test), 'organizationTransferred').props
      expect(await undo(tokenOf(undoUrl))).toMatchObject({ ok: true })
      expect(await rolesOf(arranged)).toEqual({
        [giver.id]: 'admin',
        [receiver.id]: 'owner',
        [friend.id]: 'owner',
      })
    })

    it('take it from the heir of whoever got it, whose account is gone', async () => {
      const arranged = await receiveTransfer(test)
      const { giver, receiver, organization, token } = arranged
      const heir = await createTestUser(test)
      await joinTestOrganization(test, organization, heir.id, 'admin')
      await make(receiver, arranged, await membershipOf(arranged, giver), 'member')
      await test.rows(
        sql`update users set delete_after = now() - interval '1 minute' where id = ${receiver.id}`,
      )
      await runUserDeletions(test.runtime)
      expect(await rolesOf(arranged)).toEqual({ [giver.id]: 'member', [heir.id]: 'owner' })
      expect(await undo(token)).toMatchObject({ ok: true })
      expect(await rolesOf(arranged)).toEqual({ [giver.id]: 'owner', [heir.id]: 'admin' })
    })

    it('reach a giver who was demoted, and whoever asks for the deletion of their account', async () => {
      const arranged = await receiveTransfer(test)
      const { giver, receiver, token } = arranged
      await make(receiver, arranged, await membershipOf(arranged, giver), 'member')
      await test.rows(sql`update users set delete_after = now() + interval '14 days' where id = ${giver.id}`)
      expect(await undo(token)).toMatchObject({ ok: true })
      expect(await rolesOf(arranged)).toEqual({ [giver.id]: 'owner', [receiver.id]: 'member' })
    })

    it('stay as they are where the giver is gone, or disabled', async () => {
      const arranged = await receiveTransfer(test)
      await test.rows(sql`update users set disabled_at = now() where id = ${arranged.giver.id}`)
      expect(await undo(arranged.token)).toEqual(over)
      await test.rows(sql`update users set disabled_at = null where id = ${arranged.giver.id}`)
      expect(await undo(arranged.token)).toMatchObject({ ok: true })
    })

    it('are final after some days, and the email about them is not sent any more', async () => {
      const arranged = await receiveTransfer(test)
      await expire(arranged)
      expect(
        await getOrganizationTransferByToken(test.runtime, createTestCaller(), arranged.token),
      ).toBeNull()
      expect(await undo(arranged.token)).toEqual(over)
      const late = await arrangeTransfer(test)
      await transferIt(test, late)
      await expire(late)
      expect(await deliverMail(test)).toMatchObject({ sent: [] })
    })

    it('reach the address that whoever took the account over gave away', async () => {
      const arranged = await arrangeTransfer(test)
      const { giver } = arranged
      await test.rows(sql`
        with u as (update users set email = 'thief@evil.example', email_canonical = 'thief@evil.example' where id = ${giver.id})
        insert into user_email_changes (id, user_id, old_email, old_email_canonical, new_email, new_email_canonical,
          requested_at, suspect_since, expires_at, confirmed_at, undo_until)
        values (${newIdOf(test.runtime.tables, test.runtime.tables.userEmailChange, new Date())}, ${giver.id}, ${giver.email}, ${giver.email}, 'thief@evil.example', 'thief@evil.example',
          now(), now(), now(), now(), now() + interval '7 days')`)
      await transferIt(test, arranged)
      const { sent } = await deliverMail(test)
      const [mail] = sent.filter(({ to }) => to === giver.email)
      expect(mail?.kind).toBe('organizationTransferred')
    })
  })

  describe('ORG-17: as long as one can be undone', () => {
    it('nobody hands the organization on', async () => {
      const arranged = await receiveTransfer(test)
      const memberId = await membershipOf(arranged, arranged.giver)
      const browser = await signInTestUser(test, arranged.receiver)
      expect(await transferIt(test, { ...arranged, browser, memberId })).toEqual(open)
      await expire(arranged)
      expect(await transferIt(test, { ...arranged, browser, memberId })).toMatchObject({ ok: true })
      const { undoUrl } = findMail(await deliverMail(test), 'organizationTransferred').props
      expect(await undo(tokenOf(undoUrl))).toMatchObject({ ok: true })
      expect(await rolesOf(arranged)).toMatchObject({ [arranged.receiver.id]: 'owner' })
    })

    it('nobody has it deleted', async () => {
      const { receiver, organization, ...rest } = await receiveTransfer(test)
      const asked = { organizationId: organization.id, confirmation: organization.slug }
      const browser = await signInTestUser(test, receiver)
      expect(await scheduleOrganizationDeletion(test.runtime, browser, asked)).toEqual(open)
      await expire({ receiver, organization, ...rest })
      expect(await scheduleOrganizationDeletion(test.runtime, browser, asked)).toMatchObject({ ok: true })
    })

    it('nobody removes the giver, and they do not leave', async () => {
      const arranged = await receiveTransfer(test)
      const { giver, receiver, organization } = arranged
      const asked = { organizationId: organization.id, memberId: await membershipOf(arranged, giver) }
      const browser = await signInTestUser(test, receiver)
      expect(await removeMember(test.runtime, browser, asked)).toEqual(open)
      expect(await leaveOrganization(test.runtime, await signInTestUser(test, giver), asked)).toEqual(open)
      await expire(arranged)
      expect(await removeMember(test.runtime, browser, asked)).toEqual({ ok: true })
    })

    it('the account of whoever handed it over is not deleted, however short the grace is', async () => {
      const { runtime } = test
      const deletion = { ...runtime.policy.deletion, graceDays: 1, reminderDays: 1 }
      const short = { ...runtime, policy: { ...runtime.policy, deletion } }
      const arranged = await receiveTransfer(test)
      const browser = await nextRequest(test.runtime, arranged.browser)
      const confirmation = arranged.giver.email
      const shown = await getUserDeletionState(short, browser)
      const asked = await scheduleUserDeletion(short, browser, { confirmation })
      const [row] = await test.rows<{ until: Date }>(
        sql`select transfer_undo_until as until from organizations where id = ${arranged.organization.id}`,
      )
      const until = new Date(row?.until ?? 0).getTime()
      for (const due of [shown?.deleteAfter, asked.ok ? asked.deleteAfter : null])
        expect(Math.abs((due?.getTime() ?? 0) - until)).toBeLessThan(2)

      const receiver = await signInTestUser(test, arranged.receiver)
      const own = await scheduleUserDeletion({ ...short, hooks: [] }, receiver, {
        confirmation: arranged.receiver.email,
      })
      expect(own.ok && own.deleteAfter.getTime()).toBeLessThan(until)
    })
  })

  describe('ORG-17: where two owners hand it over at once', () => {
    async function prepare() {
      const arranged = await arrangeTransfer(test)
      const others = await Promise.all(Array.from({ length: 3 }, () => createTestUser(test)))
      for (const { id } of others) await joinTestOrganization(test, arranged.organization, id, 'owner')
      const browsers = await Promise.all(others.map((other) => signInTestUser(test, other)))
      return { ...arranged, browsers: [arranged.browser, ...browsers] }
    }
    type Setup = Awaited<ReturnType<typeof prepare>>
    const byHash = async ({ organization }: Setup) => {
      const rows = await test.rows(
        sql`select from organizations where id::text = ${organization.id} and transfer_undo_until > now()`,
      )
      expect(rows).toHaveLength(1)
    }

    it('one does', async () => {
      const winners = await race('organization.transferUndoUntil', {
        rounds: 4,
        clients: 4,
        prepare,
        attempt: async ({ browsers, ...arranged }, client) => {
          const browser = browsers[client] ?? arranged.browser
          return (await transferIt(test, { ...arranged, browser })).ok
        },
        invariant: byHash,
      })
      expect(winners).toBe(4)
    })

    it('several do where it is read first, and written then', async () => {
      const naive = ({ organization }: Setup) =>
        inTransaction(test.runtime, async (tx) => {
          const [row] = await tx.rows<{ isOpen: boolean }>(
            sql`select transfer_undo_until > now() as "isOpen" from organizations where id::text = ${organization.id}`,
          )
          if (row?.isOpen === true) return false
          await tx.rows(sql`update organizations set transfer_undo_until = now() + interval '7 days'
            where id::text = ${organization.id}`)
          return true
        })
      const racing = race('organization.transferUndoUntil', {
        clients: 4,
        prepare,
        attempt: naive,
        invariant: byHash,
      })
      await expect(racing).rejects.toThrow(RaceLost)
    })
  })

  it('ORG-17: are undone once, however often the button is pressed', async () => {
    await race('organization.transferUndoUntil', {
      rounds: 4,
      clients: 4,
      prepare: () => receiveTransfer(test),
      attempt: async ({ token }) => (await undo(token)).ok,
      invariant: async (arranged) => {
        expect(await rolesOf(arranged)).toEqual({
          [arranged.giver.id]: 'owner',
          [arranged.receiver.id]: 'member',
        })
      },
    })
  })
})

it('transfers are made by owners, also where a role below has the right', async () => {
  const roles = { ...testRoles.roles, admin: ['*'] as const }
  const test = await createTestRuntime({
    policy: { ...generousLimits, ...cheapHashing },
    organizations: { roles },
  })
  const arranged = await arrangeTransfer(test)
  const admin = await createTestUser(test)
  await joinTestOrganization(test, arranged.organization, admin.id, 'admin')
  const browser = await signInTestUser(test, admin)
  expect(await transferIt(test, { ...arranged, browser })).toEqual({ ok: false, reason: 'forbidden' })
  await test.close()
})
