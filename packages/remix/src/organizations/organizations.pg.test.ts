import { sql } from '@sigra/mikro-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  createTestOrganization,
  createTestSlug,
  joinTestOrganization,
  readRolesOf,
  type TestOrganization,
} from '../../../mikro-orm/src/testing/organizations/test-members.ts'
import { testRoles } from '../../../mikro-orm/src/testing/organizations/test-organizations.ts'
import { createTestApp, type TestApp, type TestRoute } from '../testing-only/test-app.ts'
import { createTestBrowser, type TestBrowser } from '../testing-only/test-browser.ts'
import {
  createTestSigra,
  createTestUser,
  recordQueries,
  type TestSigra,
  type TestUser,
} from '../testing-only/test-sigra.ts'
import { organizationsArea } from './organizations-area.ts'

let test: TestSigra
let app: TestApp
let user: TestUser
let browser: TestBrowser
let acme: TestOrganization
let rival: TestOrganization

beforeAll(async () => {
  test = await createTestSigra()
  app = createTestApp(test.sigra, routes(test), { rootLoader: (args) => test.sigra.getUser(args) })
})
afterAll(() => test.close())
beforeEach(async () => {
  await test.rows(sql`delete from sigra_limits`)
  user = await createTestUser(test)
  const boss = await createTestUser(test)
  acme = await createTestOrganization(test, { owner: boss.id, member: user.id }, { name: 'Acme Ltd' })
  rival = await createTestOrganization(
    test,
    { owner: (await createTestUser(test)).id },
    { name: 'Rival Ltd' },
  )
  browser = await signIn(user)
})

async function signIn({ email, password }: TestUser): Promise<TestBrowser> {
  const fresh = createTestBrowser(app)
  await fresh.submit('/log-in', { email, password })
  return fresh
}

type Args = Parameters<NonNullable<TestRoute['action']>>[0]

function routes({ sigra, entities }: TestSigra): Record<string, TestRoute> {
  const organizations = sigra.area(organizationsArea({ ...testRoles, entities, personal: false }))
  const { getOrganization, requireOrganization, requireMember, can } = organizations
  const field = async ({ request }: Args) => Object.fromEntries(await request.clone().formData())
  const tell = async (args: Args, permission: 'project:read' | 'project:write') => {
    const scope = await requireMember(args, permission)
    const { organization, role, principal } = scope
    return Response.json({
      organization,
      role,
      at: principal.organizationId,
      writes: can(scope, 'project:write'),
    })
  }
  const page = (path: string, route: Partial<TestRoute>): TestRoute => ({ path, isPage: false, ...route })
  return {
    'log-in': page('log-in', {
      async action(args) {
        const { email, password, redirectTo } = await field(args)
        const result = await sigra.accounts.logInUser(args, { email, password, redirectTo })
        return result.ok ? result.redirect() : Response.json(result)
      },
    }),
    get: page('get', { loader: async (args) => Response.json(await getOrganization(args)) }),
    list: page('organizations', {
      loader: async (args) => Response.json(await organizations.listOrganizations(args)),
    }),
    show: page('organizations/:slug', {
      loader: (args) => tell(args, 'project:read'),
      action: async (args) =>
        Response.json(await organizations.renameOrganization(args, { name: 'x', ...(await field(args)) })),
    }),
    write: page('organizations/:slug/write', { loader: (args) => tell(args, 'project:write') }),
    members: page('organizations/:slug/members', {
      loader: async (args) => Response.json(await organizations.listMembers(args)),
      action: async (args) =>
        Response.json(await organizations.removeMember(args, { memberId: null, ...(await field(args)) })),
    }),
    audit: page('organizations/:slug/audit', {
      loader: async (args) => {
        await sigra.requireUser(args)
        await requireMember(args, 'audit:read')
        return Response.json(await organizations.listOrganizationEvents(args))
      },
    }),
    mine: page('mine', {
      loader: async (args) => {
        await sigra.requireUser(args)
        return Response.json([
          await organizations.listOrganizations(args),
          await organizations.listOwnInvitations(args),
          await organizations.listRestorableOrganizations(args),
          await getOrganization(args),
        ])
      },
      async action(args) {
        const asked = { invitationId: null, organizationId: null, ...(await field(args)) }
        if ('decline' in asked) return Response.json(await organizations.declineOwnInvitation(args, asked))
        if ('accept' in asked) return Response.json(await organizations.acceptOwnInvitation(args, asked))
        return Response.json(await organizations.restoreOrganization(args, asked))
      },
    }),
    delete: page('organizations/:slug/delete', {
      action: async (args) =>
        Response.json(
          await organizations.scheduleOrganizationDeletion(args, {
            confirmation: null,
            ...(await field(args)),
          }),
        ),
    }),
    leave: page('organizations/:slug/leave', {
      action: async (args) => Response.json(await organizations.leaveOrganization(args)),
    }),
    switch: page('organizations/switch', {
      action: async (args) =>
        Response.json(await organizations.switchOrganization(args, { slug: null, ...(await field(args)) })),
    }),
    create: page('create', {
      action: async (args) =>
        Response.json(
          await organizations.createOrganization(args, { name: null, slug: null, ...(await field(args)) }),
        ),
    }),
    dashboard: page('dashboard', {
      loader: async (args) => Response.json((await requireOrganization(args)).organization.name),
      async action(args) {
        const { shown } = await field(args)
        const { organization } = await requireOrganization(args, shown === undefined ? {} : { shown })
        return Response.json(organization.name)
      },
    }),
    enter: page('organizations/:slug/enter', {
      loader: async (args) => Response.json(await organizations.getOrganizationEntrance(args)),
      action: (args) => organizations.logInAgain(args),
    }),
    policy: page('organizations/:slug/policy', {
      loader: async (args) => Response.json(await organizations.getOrganizationPolicy(args)),
      async action(args) {
        const { twoFactors, methods, minutes, ...rest } = await field(args)
        const policy = {
          secondFactorInDays: twoFactors === undefined ? null : Number(twoFactors),
          allowedMethods: typeof methods === 'string' ? methods.split(' ') : null,
          maxSessionMinutes: minutes === undefined ? null : Number(minutes),
        }
        return Response.json(await organizations.updateOrganizationPolicy(args, { ...policy, ...rest }))
      },
    }),
    nested: {
      path: 'organizations/:slug/nested',
      async loader(args) {
        await sigra.requireUser(args)
        const scope = await requireMember(args, 'project:read')
        return { name: scope.organization.name, may: can(scope, 'project:write') }
      },
    },
  }
}

const statusOf = async (path: string, from = browser) => (await from.visit(path)).status
const at = (organization: TestOrganization, below = '') => `/organizations/${organization.slug}${below}`
const nameOf = async ({ id }: TestOrganization) => {
  const [row] = await test.rows<{ name: string }>(sql`select name from organizations where id = ${id}`)
  return row?.name
}

it('whoever logs in on the way to a page of an organization is at work in it afterwards', async () => {
  const other = await createTestOrganization(test, { owner: user.id }, { name: 'Other Ltd' })
  const { email, password } = user
  for (const organization of [other, acme]) {
    const fresh = createTestBrowser(app)
    const redirectTo = at(organization, '/members?after=1')
    const answer = await fresh.submit('/log-in', { email, password, redirectTo })
    expect(answer.headers.get('Location')).toBe(redirectTo)
    expect(await (await fresh.visit('/get')).json()).toMatchObject({ organization: { id: organization.id } })
  }
})

describe('a page of an organization', () => {
  it('is its members’, by the role they have there now', async () => {
    const answer = await browser.visit(at(acme))
    expect(await answer.json()).toEqual({
      organization: { id: acme.id, slug: acme.slug, name: 'Acme Ltd', isPersonal: false },
      role: 'member',
      at: acme.id,
      writes: false,
    })
    expect(await statusOf(at(acme, '/write'))).toBe(403)
    await test.rows(sql`update organization_memberships set role = 'admin' where user_id = ${user.id}`)
    expect(await (await browser.visit(at(acme, '/write'))).json()).toMatchObject({
      role: 'admin',
      writes: true,
    })
    await test.rows(sql`update organization_memberships set role = 'gone' where user_id = ${user.id}`)
    expect(await statusOf(at(acme))).toBe(403)
  })

  it('ORG-07: that was open before somebody’s role was taken away does nothing by it, and is not shown again', async () => {
    await test.rows(sql`update organization_memberships set role = 'admin' where user_id = ${user.id}`)
    expect(await (await browser.submit(at(acme), { name: 'Ours' })).json()).toMatchObject({ ok: true })
    expect(await statusOf(at(acme, '/write'))).toBe(200)
    await test.rows(sql`update organization_memberships set role = 'member' where user_id = ${user.id}`)
    const answer = await browser.submit(at(acme), { name: 'Stolen' })
    expect([answer.status, await nameOf(acme)]).toEqual([403, 'Ours'])
    expect(await statusOf(at(acme, '/write'))).toBe(403)
    expect(await statusOf(at(acme))).toBe(200)
  })

  it('ORG-01: is one and the same 404 for strangers, for what does not exist, and for what is to be deleted', async () => {
    const answers = []
    const bodyOf = async (path: string) => {
      const answer = await browser.visit(path)
      return [
        answer.status,
        (await answer.text()).replace(/Request .*/, ''),
        [...answer.headers.keys()].sort(),
      ]
    }
    answers.push(await bodyOf(at(rival)), await bodyOf('/organizations/nobody-has-this'))
    answers.push(
      await bodyOf('/organizations/no_slug'),
      await bodyOf('/organizations/%00'),
      await bodyOf('/organizations/%D0%B0cme'),
    )
    await test.rows(
      sql`update organizations set delete_after = now() + interval '9 days' where id = ${acme.id}`,
    )
    answers.push(await bodyOf(at(acme)))
    expect(answers[0]?.[0]).toBe(404)
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    expect(await statusOf(at(acme, '/members'))).toBe(404)
    expect((await browser.submit(at(rival), { name: 'Stolen' })).status).toBe(404)
    expect(await nameOf(rival)).toBe('Rival Ltd')
  })

  it('is asked for after logging in, by whoever is not signed in', async () => {
    const answer = await createTestBrowser(app).visit(at(acme))
    expect(answer.status).toBe(303)
    expect(answer.headers.get('Location')).toContain('/users/log-in?redirectTo=')
  })

  it('ORG-09: is gone at the next request of whoever was removed, and back where they are', async () => {
    expect(await statusOf(at(acme))).toBe(200)
    await test.rows(sql`delete from organization_memberships where user_id = ${user.id}`)
    expect(await statusOf(at(acme))).toBe(404)
    expect(await (await browser.visit('/get')).json()).toBeNull()
    await joinTestOrganization(test, acme, user.id, 'member')
    expect(await statusOf(at(acme))).toBe(200)
  })

  it('ORG-02: is that of the path, whatever the body says and wherever the session is at work', async () => {
    await test.rows(sql`update organization_memberships set role = 'admin' where user_id = ${user.id}`)
    const third = await createTestOrganization(test, { owner: user.id }, { name: 'Third' })
    await joinTestOrganization(test, rival, user.id, 'admin')
    await browser.submit('/organizations/switch', { slug: third.slug })
    expect((await browser.submit(at(acme), { name: 'Renamed', organizationId: rival.id })).status).toBe(200)
    expect([await nameOf(acme), await nameOf(rival), await nameOf(third)]).toEqual([
      'Renamed',
      'Rival Ltd',
      'Third',
    ])
    expect((await browser.submit(at(acme), { name: 'Again', shown: rival.id })).status).toBe(409)
    expect(await nameOf(acme)).toBe('Renamed')
    expect(await (await browser.visit(at(acme))).json()).toMatchObject({ at: acme.id })
  })

  it('is found by a former slug, by its members alone', async () => {
    const former = acme.slug
    const slug = createTestSlug()
    await test.rows(
      sql`update organization_slugs set former_until = now() + interval '1 day' where slug = ${former}`,
    )
    await test.rows(sql`insert into organization_slugs (slug, organization_id) values (${slug}, ${acme.id})`)
    await test.rows(sql`update organizations set slug = ${slug} where id = ${acme.id}`)
    const answer = await browser.visit(`/organizations/${former}/members?q=a`)
    expect([answer.status, answer.headers.get('Location'), answer.headers.get('Cache-Control')]).toEqual([
      302,
      `/organizations/${slug}/members?q=a`,
      'no-store',
    ])
    // ORG-10: to a stranger it is a slug that does not exist; and a form goes nowhere by it.
    expect(await statusOf(`/organizations/${former}`, await signIn(await createTestUser(test)))).toBe(404)
    expect((await browser.submit(`/organizations/${former}`, { name: 'x' })).status).toBe(404)
    await test.rows(sql`update organization_slugs set former_until = now() where slug = ${former}`)
    expect(await statusOf(`/organizations/${former}`)).toBe(404)
  })

  it('ORG-10: is the same by every spelling that a router takes for it, and by no other', async () => {
    for (const path of [`/organizations/${acme.slug.toUpperCase()}`, `/Organizations/${acme.slug}/`])
      expect([path, await statusOf(path)]).toEqual([path, 200])
    for (const path of [`/organizations/${acme.slug}%2e`, `/organizations/%20${acme.slug}`])
      expect([path, await statusOf(path)]).toEqual([path, 404])
  })

  it('takes one statement to be guarded and shown, with user and rights', async () => {
    const texts = await recordQueries(test.orm, async () => {
      const answer = await browser.visit(at(acme, '/nested'))
      expect(answer.status).toBe(200)
      expect(await answer.json()).toMatchObject({ loaderData: { nested: { name: 'Acme Ltd', may: false } } })
    })
    expect(texts).toHaveLength(1)
  })
})

describe('a page whose path names no organization', () => {
  it('is that of the one the person is at work in: chosen last, in this session and the next one', async () => {
    const third = await createTestOrganization(test, { owner: user.id }, { name: 'Third' })
    expect(await (await browser.visit('/dashboard')).json()).toBe('Acme Ltd')
    await browser.submit('/organizations/switch', { slug: third.slug })
    expect(await (await browser.visit('/dashboard')).json()).toBe('Third')
    expect(await (await (await signIn(user)).visit('/dashboard')).json()).toBe('Third')
  })

  it('sends who is a member of none to choose, or to make one', async () => {
    const alone = await signIn(await createTestUser(test))
    const answer = await alone.visit('/dashboard')
    expect([answer.status, answer.headers.get('Location')]).toEqual([303, '/organizations'])
    expect(await (await alone.visit('/get')).json()).toBeNull()
    const made = await alone.submit('/create', { name: 'Fresh', slug: createTestSlug() })
    expect(await made.json()).toMatchObject({ ok: true })
    expect(await (await alone.visit('/dashboard')).json()).toBe('Fresh')
  })

  it('ORG-11: refuses a form of a page that showed another one, and one that does not say what it showed', async () => {
    const third = await createTestOrganization(test, { owner: user.id }, { name: 'Third' })
    expect((await browser.submit('/dashboard', { shown: acme.id })).status).toBe(200)
    await browser.submit('/organizations/switch', { slug: third.slug }) // in the other tab
    expect((await browser.submit('/dashboard', { shown: acme.id })).status).toBe(409)
    expect((await browser.submit('/dashboard', {})).status).toBe(409)
    expect(await (await browser.submit('/dashboard', { shown: third.id })).json()).toBe('Third')
  })
})

describe('ORG-12: a policy that was tightened', () => {
  const entrance = () => `${at(acme, '/enter')}?redirectTo=${encodeURIComponent(at(acme, '/members?q=a'))}`
  const held = async (from = browser) => {
    const answer = await from.visit(at(acme, '/members?q=a'))
    expect([answer.status, answer.headers.get('Location')]).toEqual([303, entrance()])
    return (await (await from.visit(entrance())).json()).unmet
  }

  it('holds at the next request of a session that was open, in this organization and in no other', async () => {
    const own = await createTestOrganization(test, { owner: user.id }, { name: 'Own' })
    expect(await statusOf(at(acme))).toBe(200)
    await test.rows(sql`update organizations set second_factor_from = now() where id = ${acme.id}`)
    expect(await held()).toEqual(['second-factor'])
    expect(await statusOf(at(own))).toBe(200)
    expect((await browser.submit(at(acme), { name: 'Mine' })).status).toBe(303)
    expect(await nameOf(acme)).toBe('Acme Ltd')
    expect(await (await browser.visit('/get')).json()).toBeNull()
    await test.rows(sql`update user_sessions set aal = 2 where user_id = ${user.id}`)
    expect(await statusOf(at(acme))).toBe(200)
    const through = await browser.visit(entrance())
    expect([through.status, through.headers.get('Location')]).toEqual([303, at(acme, '/members?q=a')])
  })

  it('says each thing that is missing, and which page asks for a second factor', async () => {
    await test.rows(sql`
      update organizations set second_factor_from = now(), allowed_methods = array['otp', 'user'], max_session_minutes = 15
      where id = ${acme.id}`)
    await test.rows(
      sql`update user_sessions set authenticated_at = now() - interval '15 minutes' where user_id = ${user.id}`,
    )
    expect(await held()).toEqual(['second-factor', 'method', 'reauthenticate'])
    expect(await (await browser.visit(entrance())).json()).toMatchObject({
      organization: { slug: acme.slug },
      secondFactorPath: `/users/sudo?redirectTo=${encodeURIComponent(at(acme, '/members?q=a'))}`,
    })
  })

  it('tells each member what it asks for, and lets an owner with two factors change it', async () => {
    await test.rows(sql`
      update organizations set allowed_methods = array['user'], max_session_minutes = 15 where id = ${acme.id}`)
    expect(await held()).toEqual(['method'])
    expect(await (await browser.visit(at(acme, '/policy'))).json()).toEqual({
      secondFactorFrom: null,
      allowedMethods: ['user'],
      maxSessionMinutes: 15,
    })
    const mayChange = async () => (await (await browser.visit(entrance())).json()).mayChangePolicy
    await test.rows(sql`update user_sessions set aal = 2 where user_id = ${user.id}`)
    expect(await mayChange()).toBe(false)
    await test.rows(sql`update organization_memberships set role = 'owner' where user_id = ${user.id}`)
    expect(await mayChange()).toBe(true)
    await test.rows(sql`update user_sessions set aal = 1 where user_id = ${user.id}`)
    expect(await mayChange()).toBe(false)
    expect(await statusOf(at(acme, '/policy'), await signIn(await createTestUser(test)))).toBe(404)
  })

  it('is met by logging in again, which leads back', async () => {
    await test.rows(sql`update organizations set max_session_minutes = 15 where id = ${acme.id}`)
    await test.rows(
      sql`update user_sessions set authenticated_at = now() - interval '1 hour' where user_id = ${user.id}`,
    )
    expect(await held()).toEqual(['reauthenticate'])
    const answer = await browser.submit(entrance(), {})
    const back = new URLSearchParams({ redirectTo: at(acme, '/members?q=a') })
    expect([answer.status, answer.headers.get('Location')]).toEqual([303, `/users/log-in?${back}`])
    expect(await test.rows(sql`select from user_sessions where user_id = ${user.id}`)).toEqual([])
    await browser.submit('/log-in', { email: user.email, password: user.password })
    expect(await statusOf(at(acme, '/members'))).toBe(200)
  })

  it('holds nobody who leaves, and tells strangers nothing', async () => {
    await test.rows(sql`update organizations set second_factor_from = now() where id = ${acme.id}`)
    const stranger = await signIn(await createTestUser(test))
    expect(await statusOf(at(acme, '/enter'), stranger)).toBe(404)
    expect((await stranger.submit(at(acme, '/enter'), {})).status).toBe(404)
    expect(await (await browser.submit(at(acme, '/leave'), {})).json()).toEqual({ ok: true })
  })

  it('is made by an owner’s form, who meets it', async () => {
    await test.rows(sql`update organization_memberships set role = 'owner' where user_id = ${user.id}`)
    expect(await (await browser.submit(at(acme, '/policy'), { twoFactors: '0' })).json()).toEqual({
      ok: false,
      reason: 'not-met',
      unmet: ['second-factor'],
    })
    expect(await (await browser.submit(at(acme, '/policy'), { methods: 'pwd user' })).json()).toMatchObject({
      ok: true,
    })
    expect((await browser.submit(at(rival, '/policy'), { methods: 'pwd' })).status).toBe(404)
  })

  it('takes one statement to be asked', async () => {
    await test.rows(sql`update organizations set allowed_methods = array['pwd'] where id = ${acme.id}`)
    const texts = await recordQueries(test.orm, async () => {
      expect((await browser.visit(at(acme, '/nested'))).status).toBe(200)
    })
    expect(texts).toHaveLength(1)
  })
})

describe('what members do to an organization by its pages', () => {
  it('ORG-07: is refused with 403 to who may not', async () => {
    expect((await browser.submit(at(acme), { name: 'Mine' })).status).toBe(403)
    expect((await browser.submit(at(acme, '/members'), { memberId: '1' })).status).toBe(403)
    expect(await nameOf(acme)).toBe('Acme Ltd')
  })

  it('ORG-01: reaches no other organization by any of their forms, whatever ids they hold, and writes nothing', async () => {
    await test.rows(sql`
      insert into organization_invitations
        (id, organization_id, email, email_canonical, role, key_id, selector, token_hash, sends, expires_at)
      select gen_random_uuid(), ${rival.id}, 'guest@example.com', 'guest@example.com', 'member', 'k', uuid_send(gen_random_uuid()),
        sha256(gen_random_uuid()::text::bytea), 1, now() + interval '1 day'`)
    const [invitation] = await test.rows<{ id: string }>(
      sql`select id::text as id from organization_invitations where organization_id = ${rival.id}`,
    )
    const writes = () =>
      test.rows(sql`
        select o.slug, o.delete_after, i.accepted_at, i.declined_at, i.revoked_at,
          (select count(*)::int from organization_memberships m where m.organization_id = o.id) as members,
          (select count(*)::int from audit_events e where e.organization_id = o.id::text) as lines
        from organizations o left join organization_invitations i on i.organization_id = o.id
        where o.id in (${acme.id}, ${rival.id}) order by o.id`)
    await test.rows(sql`update organization_memberships set role = 'owner' where user_id = ${user.id}`)
    const before = await writes()
    const asked = { shown: rival.id, confirmation: rival.slug }
    expect((await browser.submit(at(rival, '/delete'), asked)).status).toBe(404)
    expect((await browser.submit(at(acme, '/delete'), asked)).status).toBe(409)
    expect((await browser.submit(at(acme, '/delete'), { confirmation: acme.slug })).status).toBe(409)
    const named = { ...asked, shown: acme.id, organizationId: rival.id }
    expect(await (await browser.submit(at(acme, '/delete'), named)).json()).toMatchObject({
      reason: 'not-the-slug',
    })
    expect(await statusOf(at(rival, '/audit'))).toBe(404)
    const over = { ok: false, reason: 'invalid' }
    for (const answer of ['accept', 'decline'])
      expect(
        await (await browser.submit('/mine', { [answer]: '', invitationId: invitation?.id ?? '' })).json(),
      ).toEqual(over)
    expect((await browser.submit('/mine', { organizationId: rival.id })).status).toBe(404)
    expect(await writes()).toEqual(before)

    await test.rows(
      sql`update organizations set delete_after = now() + interval '1 day' where id = ${rival.id}`,
    )
    const scheduled = await writes()
    expect((await browser.submit('/mine', { organizationId: rival.id })).status).toBe(404)
    expect(await writes()).toEqual(scheduled)
  })

  it('read the session by one statement on every page, and each list by one or two of its own', async () => {
    await test.rows(sql`update organization_memberships set role = 'owner' where user_id = ${user.id}`)
    const pages = { [at(acme, '/audit')]: 3, [at(acme, '/members')]: 3, '/mine': 4, [at(acme, '/policy')]: 2 }
    for (const [path, expected] of Object.entries(pages)) {
      const texts = await recordQueries(test.orm, async () => {
        expect([path, (await browser.visit(path)).status]).toEqual([path, 200])
      })
      const sessions = texts.filter((text) => /token_hash/.test(text))
      expect([path, sessions.length, texts.length]).toEqual([path, 1, expected])
    }
  })

  it('ORG-02: switches to their own alone', async () => {
    expect((await browser.submit('/organizations/switch', { slug: rival.slug })).status).toBe(404)
    expect(await (await browser.visit('/dashboard')).json()).toBe('Acme Ltd')
  })

  it('lists who is there, and leaves', async () => {
    const { members } = await (await browser.visit(at(acme, '/members'))).json()
    expect(members).toHaveLength(2)
    expect(await (await browser.visit('/organizations')).json()).toMatchObject([
      { slug: acme.slug, role: 'member' },
    ])
    expect(await (await browser.submit(at(acme, '/leave'), {})).json()).toEqual({ ok: true })
    expect(Object.values(await readRolesOf(test, acme))).toEqual(['owner'])
    expect(await statusOf(at(acme))).toBe(404)
  })
})
