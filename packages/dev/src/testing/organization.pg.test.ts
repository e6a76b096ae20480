import {
  listInvitations,
  listMembers,
  listOrganizations,
  sql,
  verifyUserSecondFactor,
} from '@sigra/mikro-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestRuntime, type TestRuntime } from '../../../mikro-orm/src/testing/index.ts'
import { createOrganization, ensureOrganization } from './organization.ts'
import { createPerson } from './person.ts'
import { TestBrowser } from './test-browser.ts'
import type { Person, PreparedOrganization, TestedSigra } from './tested-app.ts'

describe.each(['uuid', 'bigint'] as const)('with ids of %s', (idType) => {
  let test: TestRuntime
  let sigra: TestedSigra
  beforeAll(async () => {
    test = await createTestRuntime({ idType })
    const names = { session: '__Host-sid', browser: '__Host-browser', trusted: '__Host-trusted' }
    sigra = { edge: { runtime: test.runtime, settings: { cookies: { names } } } }
  })
  afterAll(() => test.close())

  const callerOf = async (person: Person) => (await new TestBrowser(sigra).logIn(person)).caller()
  const membersOf = async ({ id, owner }: PreparedOrganization) => {
    const listed = await listMembers(test.runtime, await callerOf(owner), { organizationId: id })
    if (!listed.ok) throw new Error(listed.reason)
    return Object.fromEntries(listed.members.map(({ email, role }) => [email, role]))
  }
  const waitingFor = async ({ id, owner }: PreparedOrganization) => {
    const listed = await listInvitations(test.runtime, await callerOf(owner), { organizationId: id })
    return listed.ok ? listed.invitations.map(({ email, role }) => [email, role]) : listed.reason
  }

  describe('createOrganization', () => {
    it('makes one that its owner goes on in', async () => {
      const owner = await createPerson(sigra)
      const { id, slug } = await createOrganization(sigra, { owner, name: 'Acme Design' })
      const caller = await callerOf(owner)
      expect(await listOrganizations(test.runtime, caller)).toMatchObject([
        { id, slug, name: 'Acme Design', role: 'owner' },
      ])
      expect(caller.session?.areas).toMatchObject({ organizations: { id } })
    })

    it('leaves no session behind, and the code of the authenticator app unused', async () => {
      const owner = await createPerson(sigra, { state: 'second-factor' })
      await test.rows(sql`delete from user_sessions where user_id = ${owner.id}`)
      const code = owner.totpCode()
      const browser = await new TestBrowser(sigra).logIn(owner)
      await createOrganization(sigra, { owner }) // in the same 30 seconds, by the same code
      expect(await test.rows(sql`select from user_sessions where user_id = ${owner.id}`)).toHaveLength(1)
      const waiting = await new TestBrowser(sigra).logIn(owner, { until: 'first-factor' })
      // That browser used it, and nobody uses it twice.
      expect(await verifyUserSecondFactor(test.runtime, await waiting.caller(), { code })).toMatchObject({
        ok: false,
        reason: 'already-used',
      })
      expect((await browser.caller()).session).toMatchObject({ aal: 2 })
    })

    it('says why there is none', async () => {
      const owner = await createPerson(sigra)
      await expect(createOrganization(sigra, { owner, slug: 'billing' })).rejects.toThrow('"slug-taken"')
      const { slug } = await createOrganization(sigra, { owner })
      await expect(createOrganization(sigra, { owner, slug })).rejects.toThrow('"slug-taken"')
    })
  })

  it('ensureOrganization makes it once', async () => {
    const owner = await createPerson(sigra)
    const slug = `seeded-${idType}`
    expect(await ensureOrganization(sigra, { owner, slug })).toMatchObject({ slug, owner })
    expect(await ensureOrganization(sigra, { owner, slug, name: 'Another' })).toBeNull()
    expect(await listOrganizations(test.runtime, await callerOf(owner))).toMatchObject([{ name: 'Acme' }])
  })

  describe('person.joins', () => {
    it('makes members, by an invitation that they accept', async () => {
      const [owner, admin, member] = [
        await createPerson(sigra),
        await createPerson(sigra),
        await createPerson(sigra),
      ]
      const acme = await createOrganization(sigra, { owner })
      await admin.joins(acme, 'admin')
      await member.joins(acme)
      expect(await membersOf(acme)).toEqual({
        [owner.email]: 'owner',
        [admin.email]: 'admin',
        [member.email]: 'member',
      })
      const added = sql`select metadata->>'role' as role from audit_events
        where action = 'member.added' and organization_id = ${acme.id} order by id`
      expect(await test.rows(added)).toEqual([{ role: 'admin' }, { role: 'member' }])
    })

    it('says what the library says', async () => {
      const [owner, person] = [await createPerson(sigra), await createPerson(sigra)]
      const acme = await createOrganization(sigra, { owner })
      await expect(person.joins(acme, 'boss')).rejects.toThrow('"unknown-role". Roles stand in')
      const unproven = await createPerson(sigra, { state: 'unconfirmed' })
      await expect(unproven.joins(acme)).rejects.toThrow('was not logged in')
      await person.joins(acme)
      await expect(person.joins(acme)).rejects.toThrow('said "member"')
    })
  })

  describe('person.isInvitedTo', () => {
    it('leaves an invitation that waits, and its email in the queue', async () => {
      const [owner, person] = [await createPerson(sigra), await createPerson(sigra)]
      const acme = await createOrganization(sigra, { owner })
      await person.isInvitedTo(acme, 'admin')
      expect(await membersOf(acme)).toEqual({ [owner.email]: 'owner' })
      expect(await waitingFor(acme)).toEqual([[person.email, 'admin']])
      await expect(person.isInvitedTo(acme)).rejects.toThrow('said "invited"')
    })

    it('names the limit that more of them meet on the first day', async () => {
      const owner = await createPerson(sigra)
      const acme = await createOrganization(sigra, { owner })
      const inviteMany = async () => {
        for (let n = 0; n < 11; n++) await (await createPerson(sigra)).isInvitedTo(acme)
      }
      await expect(inviteMany()).rejects.toThrow('see newOrganizationInvitations of its policy')
    })
  })
})
