import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sql } from '../database/sql.ts'
import { registerUser } from '../register/register-user.ts'
import { changeOrganizationSlug } from './change-organization-slug.ts'
import { createOrganization } from './create-organization.ts'
import { listOrganizations } from './list-organizations.ts'
import { renameOrganization } from './rename-organization.ts'
import { switchOrganization } from './switch-organization.ts'
import {
  createTestCaller,
  createTestRuntime,
  createTestUser,
  nextRequest,
  race,
  type TestCaller,
  type TestRuntime,
  type TestUser,
} from '../testing/index.ts'
import {
  createTestOrganization,
  createTestSlug,
  joinTestOrganization,
  readRolesOf,
} from '../testing/organizations/test-members.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { createTestEmail, testPassword } from '../testing/test-registration.ts'
import { signInTestUser } from '../testing/test-session.ts'

describe.each(['uuid', 'bigint'] as const)('organizations, with ids of %s', (idType) => {
  let test: TestRuntime
  let user: TestUser
  let browser: TestCaller
  beforeAll(async () => {
    test = await createTestRuntime({ idType, policy: { ...generousLimits, ...cheapHashing } })
  })
  afterAll(() => test.close())
  beforeEach(async () => {
    user = await createTestUser(test)
    browser = await signInTestUser(test, user)
  })

  const audited = (organizationId: string) =>
    test.rows<{ action: string }>(sql`
      select action, actor_id as "actorId", metadata from audit_events
      where organization_id = ${organizationId} order by occurred_at, id`)

  const active = async () => {
    const [row] = await test.rows<{ active: string | null }>(sql`
      select active_organization_id as active from user_sessions where user_id = ${user.id}`)
    return row?.active
  }

  describe('are made', () => {
    it('by whoever is signed in, who owns it, goes on in it, and is named in the log', async () => {
      const slug = createTestSlug()
      const made = await createOrganization(test.runtime, browser, { name: ' Acme  Ltd ', slug })
      if (!made.ok) throw new Error(made.reason)
      expect(made).toEqual({ ok: true, organizationId: expect.any(String), slug })
      const id = made.organizationId
      expect(await readRolesOf(test, { id, slug, name: '' })).toEqual({ [user.id]: 'owner' })
      expect(await active()).toBe(id)
      expect(await audited(id)).toEqual([
        { action: 'organization.created', actorId: user.id, metadata: { slug } },
      ])
      expect(await listOrganizations(test.runtime, browser)).toEqual([
        { id, slug, name: 'Acme Ltd', isPersonal: false, role: 'owner', joinedAt: expect.any(Date) },
      ])
    })

    it('ORG-10, ORG-14: under no name and no slug that could deceive', async () => {
      const make = (name: unknown, slug: unknown) => createOrganization(test.runtime, browser, { name, slug })
      expect(await make('evil.example', createTestSlug())).toEqual({ ok: false, reason: 'bad-name' })
      expect(await make('Acme', 'аcme')).toEqual({ ok: false, reason: 'bad-slug' })
      expect(await make('Acme', 'settings')).toEqual({ ok: false, reason: 'slug-taken' })
      expect(await make('Acme', 'billing')).toEqual({ ok: false, reason: 'slug-taken' })
      expect(await make('Acme', 'p-abcdefghij')).toEqual({ ok: false, reason: 'slug-taken' })
      expect(await listOrganizations(test.runtime, browser)).toEqual([])
    })

    it.each([
      ['one letter', 'a'],
      ['as many as there may be', 'ß'.repeat(64)],
      ['Arabic, with its marks', 'شَرِكة ١٢'],
      ['Hebrew beside Latin', 'חברת Acme'],
      ['Chinese, Japanese and Korean', '株式会社 公司 주식회사'],
      ['Devanagari and Thai, with marks', 'क्ष्मी บริษัท'],
      ['a letter and its mark', 'Cafe\u0301'],
      ['emoji of several signs', 'Team 👩‍🚀🇩🇪'],
      ['letters beyond the first plane', '𠮷野家 𝒜cme'],
    ])(
      'under a name of %s, which is shown as it was typed, letters and their marks as one',
      async (_, name) => {
        const made = await createOrganization(test.runtime, browser, { name, slug: createTestSlug() })
        expect(made).toMatchObject({ ok: true })
        await nextRequest(test.runtime, browser)
        expect((await listOrganizations(test.runtime, browser)).map((each) => each.name)).toEqual([
          name.normalize('NFC'),
        ])
      },
    )

    it('under a slug once: of all who want it at once one gets it', async () => {
      const made = await race('organizationSlug.slug', {
        rounds: 10,
        clients: 8,
        async prepare() {
          const users = await Promise.all(Array.from({ length: 8 }, () => createTestUser(test)))
          return {
            slug: createTestSlug(),
            browsers: await Promise.all(users.map((each) => signInTestUser(test, each))),
          }
        },
        async attempt({ slug, browsers }, client) {
          const caller = browsers[client] ?? createTestCaller()
          return (await createOrganization(test.runtime, caller, { name: 'Acme', slug })).ok
        },
        async invariant({ slug }, winners) {
          expect(winners).toBe(1)
          expect(await test.rows(sql`select from organizations where slug = ${slug}`)).toHaveLength(1)
        },
      })
      expect(made).toBe(10)
    })

    it('by one person not more than the policy has, pressed twice at once or not', async () => {
      const few = await createTestRuntime({
        idType,
        policy: { ...generousLimits, ...cheapHashing },
        organizations: { policy: { maxOwned: 2, creations: { capacity: 100, perSeconds: 3600 } } },
      })
      const owner = await signInTestUser(few, await createTestUser(few))
      const press = () => createOrganization(few.runtime, owner, { name: 'Acme', slug: createTestSlug() })
      const results = await Promise.all([press(), press(), press(), press()])
      expect(results.filter(({ ok }) => ok)).toHaveLength(2)
      expect(results).toContainEqual({ ok: false, reason: 'too-many-organizations', maxOwned: 2 })
      await few.close()
    })
  })

  describe('are renamed', () => {
    it('by whose role may, and keep their slug', async () => {
      const organization = await createTestOrganization(test, {
        admin: user.id,
        owner: (await createTestUser(test)).id,
      })
      const rename = (name: string) =>
        renameOrganization(test.runtime, browser, { organizationId: organization.id, name })
      expect(await rename('Rival')).toEqual({ ok: true, name: 'Rival' })
      expect(await rename('https://evil.example')).toEqual({ ok: false, reason: 'bad-name' })
      expect(await listOrganizations(test.runtime, browser)).toMatchObject([
        { name: 'Rival', slug: organization.slug },
      ])
      expect(await audited(organization.id)).toMatchObject([{ action: 'organization.renamed', metadata: {} }])
    })

    it('ORG-07: by nobody whose role may not', async () => {
      const { id } = await createTestOrganization(test, {
        member: user.id,
        owner: (await createTestUser(test)).id,
      })
      const asked = { organizationId: id, name: 'Rival', slug: createTestSlug() }
      const forbidden = { ok: false, reason: 'forbidden' }
      expect(await renameOrganization(test.runtime, browser, asked)).toEqual(forbidden)
      expect(await changeOrganizationSlug(test.runtime, browser, asked)).toEqual(forbidden)
      expect(await listOrganizations(test.runtime, browser)).toMatchObject([{ name: 'Acme' }])
      expect(await audited(id)).toEqual([])
    })

    it('ORG-01: by nobody of another one, whose answer is that of one that does not exist, or is to be deleted', async () => {
      const foreign = await createTestOrganization(test, { owner: (await createTestUser(test)).id })
      const own = await createTestOrganization(test, { owner: user.id })
      await test.rows(
        sql`update organizations set delete_after = now() + interval '1 day' where id = ${own.id}`,
      )
      const none = idType === 'uuid' ? '01890a5d-ac96-774b-bcce-b302099a8057' : '9223372036854775807'
      for (const organizationId of [
        foreign.id,
        own.id,
        none,
        'x',
        '9223372036854775808',
        [foreign.id],
        null,
      ]) {
        const unknown = { ok: false, reason: 'unknown-organization' }
        const asked = { organizationId, name: 'Rival', slug: createTestSlug() }
        expect(await renameOrganization(test.runtime, browser, asked)).toEqual(unknown)
        expect(await changeOrganizationSlug(test.runtime, browser, asked)).toEqual(unknown)
      }
      expect(
        await test.rows(
          sql`select from organizations where name = 'Rival' and slug in (${foreign.slug}, ${own.slug})`,
        ),
      ).toEqual([])
    })
  })

  describe('change their slug', () => {
    async function owned() {
      const organization = await createTestOrganization(test, { owner: user.id })
      const change = (slug: string) =>
        changeOrganizationSlug(test.runtime, browser, { organizationId: organization.id, slug })
      return { organization, change }
    }

    it('and keep the former one for a while, for themselves alone', async () => {
      const { organization, change } = await owned()
      const slug = createTestSlug()
      expect(await change(slug)).toEqual({ ok: true, slug })
      const stranger = await signInTestUser(test, await createTestUser(test))
      const grab = () => createOrganization(test.runtime, stranger, { name: 'Fake', slug: organization.slug })
      expect(await grab()).toEqual({ ok: false, reason: 'slug-taken' })
      expect(await change(organization.slug)).toEqual({ ok: true, slug: organization.slug })
      expect(await change(slug)).toEqual({ ok: true, slug })
      test.advance({ days: 31 })
      const later = await signInTestUser(test, await createTestUser(test))
      const got = await createOrganization(test.runtime, later, { name: 'Fresh', slug: organization.slug })
      expect(got).toMatchObject({ ok: true, slug: organization.slug })
      expect(await test.rows(sql`select slug from organizations where id = ${organization.id}`)).toEqual([
        { slug },
      ])
      test.advance({ days: -31 })
    })

    it('and lose nothing where the one they want is taken', async () => {
      const { organization, change } = await owned()
      const other = await createTestOrganization(test, { owner: (await createTestUser(test)).id })
      expect(await change(other.slug)).toEqual({ ok: false, reason: 'slug-taken' })
      expect(await change('billing')).toEqual({ ok: false, reason: 'slug-taken' })
      expect(await change('Acme')).toEqual({ ok: false, reason: 'bad-slug' })
      expect(await change(organization.slug)).toEqual({ ok: true, slug: organization.slug })
      expect(
        await test.rows(
          sql`select slug, former_until from organization_slugs where organization_id = ${organization.id}`,
        ),
      ).toEqual([{ slug: organization.slug, former_until: null }])
      expect(await audited(organization.id)).toEqual([])
    })
  })

  describe('are switched to', () => {
    it('by their members, who come back to the one they chose last', async () => {
      const [one, other] = [
        await createTestOrganization(test, { owner: user.id }),
        await createTestOrganization(test, { owner: user.id }),
      ]
      expect(await switchOrganization(test.runtime, browser, { slug: one.slug })).toEqual({
        ok: true,
        slug: one.slug,
      })
      expect(await active()).toBe(one.id)
      expect(await switchOrganization(test.runtime, browser, { slug: other.slug })).toMatchObject({
        ok: true,
      })
      expect(await active()).toBe(other.id)
      expect(await audited(other.id)).toMatchObject([{ action: 'organization.switched' }])
    })

    it('ORG-02: by nobody else, and nothing changes', async () => {
      const own = await createTestOrganization(test, { owner: user.id })
      const foreign = await createTestOrganization(test, { owner: (await createTestUser(test)).id })
      await switchOrganization(test.runtime, browser, { slug: own.slug })
      for (const slug of [foreign.slug, 'nobody-has-this', 'Acme', '', null, [own.slug]])
        expect(await switchOrganization(test.runtime, browser, { slug })).toEqual({
          ok: false,
          reason: 'unknown-organization',
        })
      expect(await active()).toBe(own.id)
    })
  })

  it('are listed for their members alone, the personal one first, then by name', async () => {
    const [zeta, alpha] = [
      await createTestOrganization(test, { owner: user.id }, { name: 'Zeta' }),
      await createTestOrganization(test, { owner: (await createTestUser(test)).id }, { name: 'alpha' }),
    ]
    const personal = await createTestOrganization(test, { owner: user.id }, { name: 'Zz' })
    await test.rows(sql`update organizations set personal_owner_id = ${user.id} where id = ${personal.id}`)
    await joinTestOrganization(test, alpha, user.id, 'member')
    const listed = await listOrganizations(test.runtime, browser)
    expect(listed.map(({ name, role }) => [name, role])).toEqual([
      ['Zz', 'owner'],
      ['alpha', 'member'],
      ['Zeta', 'owner'],
    ])
    await test.rows(sql`update organizations set delete_after = now() where id = ${zeta.id}`)
    expect(await listOrganizations(test.runtime, browser)).toHaveLength(2)
    expect(await listOrganizations(test.runtime, createTestCaller())).toEqual([])
    const awaiting = {
      ...browser,
      session: browser.session && { ...browser.session, awaiting: 'consent' as const },
    }
    expect(await listOrganizations(test.runtime, createTestCaller(awaiting))).toEqual([])
  })

  describe('are there from the beginning', () => {
    it('for whoever registers, in the same transaction, and once', async () => {
      const personal = await createTestRuntime({
        idType,
        policy: { ...generousLimits, ...cheapHashing },
        organizations: { personal: true },
      })
      const email = createTestEmail()
      const here = createTestCaller()
      for (let press = 0; press < 2; press++)
        await registerUser(personal.runtime, here, { email, password: testPassword })
      const read = () =>
        personal.rows(sql`
          select o.name, o.slug ~ '^p-[a-z0-9]{10}$' as random, m.role, s.slug = o.slug as reserved
          from organizations o join users u on u.id = o.personal_owner_id
          join organization_memberships m on m.organization_id = o.id and m.user_id = u.id
          join organization_slugs s on s.organization_id = o.id`)
      expect(await read()).toEqual([{ name: 'Personal', random: true, role: 'owner', reserved: true }])

      // The host's own code throws after it: neither the account nor its organization is there.
      await registerUser(
        personal.runtime,
        createTestCaller(),
        { email: createTestEmail(), password: testPassword },
        {
          inTransaction() {
            throw new Error('no')
          },
        },
      )
      expect(await read()).toHaveLength(1)
      await personal.close()
    })
  })

  it('ORG-09: are gone from the list of whoever is no member any more, at the next request', async () => {
    const organization = await createTestOrganization(test, { owner: (await createTestUser(test)).id })
    await joinTestOrganization(test, organization, user.id, 'admin')
    expect(await listOrganizations(test.runtime, browser)).toHaveLength(1)
    await test.rows(sql`delete from organization_memberships where user_id = ${user.id}`)
    await nextRequest(test.runtime, browser)
    expect(await listOrganizations(test.runtime, browser)).toEqual([])
    const asked = { organizationId: organization.id, name: 'Rival' }
    expect(await renameOrganization(test.runtime, browser, asked)).toMatchObject({
      reason: 'unknown-organization',
    })
  })
})
