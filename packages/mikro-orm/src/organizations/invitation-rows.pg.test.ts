import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sql } from '../database/sql.ts'
import { runUserDeletions } from '../deletion/run-user-deletions.ts'
import type { Policy } from '../policy.ts'
import { registerUser } from '../register/register-user.ts'
import { sweepExpired } from '../sweeps/sweep-expired.ts'
import { createTestCaller, createTestRuntime, createTestUser, type TestRuntime } from '../testing/index.ts'
import {
  type ReceivedInvitation,
  receiveInvitation,
  sendInvitation,
} from '../testing/organizations/test-invitation.ts'
import { makeDue } from '../testing/test-due-user.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { createTestEmail, testPassword as password } from '../testing/test-registration.ts'
import { signInTestUser } from '../testing/test-session.ts'
import { acceptInvitation, declineInvitation } from './answer-invitation.ts'
import { listInvitations } from './list-invitations.ts'
import { resendInvitation, revokeInvitation } from './change-invitation.ts'

describe.each(['uuid', 'bigint'] as const)('rows of invitations, with ids of %s', (idType) => {
  let test: TestRuntime
  beforeAll(async () => {
    test = await createTestRuntime({
      idType,
      policy: { ...generousLimits, ...cheapHashing },
      organizations: { policy: { declinedDays: 60 } },
    })
  })
  afterAll(() => test.close())
  beforeEach(async () => {
    test.advance({ milliseconds: -test.runtime.clockOffset() })
    await test.rows(sql`delete from organization_invitations`)
  })

  const countRows = async () => (await test.rows(sql`select from organization_invitations`)).length
  const named = async ({ owner, organization: { id: organizationId } }: ReceivedInvitation) => {
    const browser = await signInTestUser(test, owner)
    const listed = await listInvitations(test.runtime, browser, { organizationId })
    return { browser, organizationId, invitationId: listed.ok ? listed.invitations[0]?.id : null }
  }

  describe('are swept', () => {
    it('a month after they expired, and not before: until then they are sent again', async () => {
      const received = await receiveInvitation(test)
      test.advance({ days: 36, hours: 23 })
      expect(await sweepExpired(test.runtime)).toMatchObject({ invitations: 0 })
      const { browser, ...invitation } = await named(received)
      expect(await resendInvitation(test.runtime, browser, invitation)).toEqual({ ok: true })
      test.advance({ days: 36, hours: 23 })
      expect(await sweepExpired(test.runtime)).toMatchObject({ invitations: 0 })
      test.advance({ hours: 2 })
      expect(await sweepExpired(test.runtime)).toMatchObject({ invitations: 1 })
      expect(await countRows()).toBe(0)
    })

    it('whatever was answered', async () => {
      const [accepted, revoked] = [await receiveInvitation(test), await receiveInvitation(test)]
      const { user, token } = accepted
      expect(await acceptInvitation(test.runtime, await signInTestUser(test, user), { token })).toMatchObject(
        {
          ok: true,
        },
      )
      const { browser, ...invitation } = await named(revoked)
      expect(await revokeInvitation(test.runtime, browser, invitation)).toEqual({ ok: true })
      test.advance({ days: 37, minutes: 1 })
      expect(await sweepExpired(test.runtime)).toMatchObject({ invitations: 2 })
    })

    it('but for those that were declined, which are kept as long as nobody is to ask again', async () => {
      const { token } = await receiveInvitation(test)
      expect(await declineInvitation(test.runtime, createTestCaller(), { token })).toEqual({ ok: true })
      test.advance({ days: 59 })
      expect(await sweepExpired(test.runtime)).toMatchObject({ invitations: 0 })
      test.advance({ days: 1, minutes: 1 })
      expect(await sweepExpired(test.runtime)).toMatchObject({ invitations: 1 })
    })
  })

  describe('let an address register in an app that is closed to others', () => {
    const register = async (email: string) => {
      const { policy } = test.runtime
      const invited = { ...policy.registration, mode: 'invited' as const }
      const runtime = { ...test.runtime, policy: { ...policy, registration: invited } }
      expect(await registerUser(runtime, createTestCaller(), { email, password })).toEqual({ ok: true })
      return (await test.rows(sql`select from users where email_canonical = ${email}`)).length > 0
    }
    const invite = async () => {
      const email = createTestEmail()
      return { email, ...(await sendInvitation(test, { email })) }
    }

    it('while they are open, and no other address', async () => {
      const { email } = await invite()
      expect(await register(createTestEmail())).toBe(false)
      expect(await register(email)).toBe(true)
    })

    it('not once they have expired, were declined, or lead to what is to be deleted', async () => {
      const [expired, declined, leading] = [await invite(), await invite(), await invite()]
      await declineInvitation(test.runtime, createTestCaller(), declined)
      await test.rows(
        sql`update organizations set delete_after = now() + interval '9 days' where id = ${leading.organization.id}`,
      )
      expect(await register(declined.email)).toBe(false)
      expect(await register(leading.email)).toBe(false)
      test.advance({ days: 7, minutes: 1 })
      expect(await register(expired.email)).toBe(false)
    })
  })

  describe.each(['anonymise', 'hard', 'soft'] as const)('of a deleted account, by %s', (strategy) => {
    const deleteNow = async (user: Parameters<typeof makeDue>[1]) => {
      await makeDue(test, user, -1)
      const { policy } = test.runtime
      const deletion: Policy['deletion'] = { ...policy.deletion, strategy }
      expect(await runUserDeletions({ ...test.runtime, policy: { ...policy, deletion } })).toMatchObject({
        deleted: 1,
        failed: 0,
      })
    }

    it('DEL-02: go where they were sent to it, answered or not', async () => {
      const [waiting, kept] = [await receiveInvitation(test), await receiveInvitation(test)]
      await deleteNow(waiting.user)
      expect(await test.rows(sql`select email from organization_invitations`)).toEqual([
        { email: kept.user.email },
      ])
      const { user, token } = kept
      await acceptInvitation(test.runtime, await signInTestUser(test, user), { token })
      await deleteNow(user)
      expect(await countRows()).toBe(0)
    })

    it('DEL-02: name nobody any more where others took them, and are gone where nobody has yet', async () => {
      const [accepted, waiting] = [await receiveInvitation(test), await receiveInvitation(test)]
      const { user, token, owner, organization } = accepted
      await acceptInvitation(test.runtime, await signInTestUser(test, user), { token })
      await deleteNow(owner)
      expect(
        await test.rows(sql`
          select invited_by_id as "invitedBy", accepted_by_id::text as "acceptedBy" from organization_invitations
          where organization_id = ${organization.id}`),
      ).toEqual([{ invitedBy: null, acceptedBy: user.id }])
      await deleteNow(waiting.owner)
      expect(await countRows()).toBe(1)
    })

    it('DEL-02: go with memberships and with what kept them away', async () => {
      const user = await createTestUser(test)
      const { organization } = await receiveInvitation(test)
      await test.rows(
        sql`insert into organization_exclusions ${
          idType === 'uuid' ? sql`(id, organization_id, user_id)` : sql`(organization_id, user_id)`
        } select ${idType === 'uuid' ? sql`gen_random_uuid(),` : sql``} ${organization.id}, ${user.id}`,
      )
      await deleteNow(user)
      expect(await test.rows(sql`select from organization_exclusions where user_id = ${user.id}`)).toEqual([])
    })
  })
})
