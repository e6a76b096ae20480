import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sql } from '../database/sql.ts'
import { newIdOf } from '../database/transaction.ts'
import {
  createTestCaller,
  createTestRuntime,
  createTestUser,
  race,
  RaceLost,
  type TestCaller,
  type TestRuntime,
} from '../testing/index.ts'
import { sendInvitation, type SentInvitation } from '../testing/organizations/test-invitation.ts'
import { deliverMail, tokenOf } from '../testing/test-mail.ts'
import {
  createTestOrganization,
  joinTestOrganization,
  readRolesOf,
  type TestOrganization,
} from '../testing/organizations/test-members.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { createTestEmail } from '../testing/test-registration.ts'
import { signInTestUser } from '../testing/test-session.ts'
import type { TestUser } from '../testing/test-user.ts'
import { acceptInvitation } from './answer-invitation.ts'
import { revokeInvitation } from './change-invitation.ts'
import { inviteMembers } from './invite-members.ts'
import { listInvitations } from './list-invitations.ts'
import { registerByInvitation } from './register-by-invitation.ts'

let test: TestRuntime
beforeAll(async () => {
  test = await createTestRuntime({ policy: { ...generousLimits, ...cheapHashing } })
})
afterAll(() => test.close())

interface Raced extends SentInvitation {
  email: string
  owning: TestCaller
  invitationId: string
  /** What a hash takes, in cheap ones: whether the other comes between depends on it. */
  hashes: number
}

async function prepare(round: number): Promise<Raced> {
  const email = createTestEmail()
  const sent = await sendInvitation(test, { email })
  const owning = await signInTestUser(test, sent.owner)
  const listed = await listInvitations(test.runtime, owning, { organizationId: sent.organization.id })
  return {
    ...sent,
    email,
    owning,
    invitationId: (listed.ok && listed.invitations[0]?.id) || '',
    hashes: 2 * round,
  }
}

const passwordOf = (client: number) => `lighthouse keeper number ${client}`

const register = async ({ token }: Raced, client: number) =>
  (await registerByInvitation(test.runtime, createTestCaller(), { token, password: passwordOf(client) })).ok

const isOpen = async ({ invitationId }: Raced) => {
  const open = await test.rows(sql`
    select from organization_invitations
    where id = ${invitationId} and accepted_at is null and revoked_at is null and declined_at is null`)
  return open.length > 0
}

/** Looks first, hashes the password, and then writes what it takes. */
async function registerNaively(raced: Raced, client: number): Promise<boolean> {
  if (!(await isOpen(raced))) return false
  for (let n = 0; n < raced.hashes; n += 1) await test.runtime.hasher.hash(passwordOf(client))
  const { email, organization, invitationId } = raced
  const id = newIdOf(test.runtime.tables, test.runtime.tables.user, new Date())
  await test.rows(sql`
    insert into users (id, email, email_canonical, confirmed_at, hashed_password)
    values (${id}, ${email}, ${email}, now(), ${String(client)})
    on conflict (email_canonical) do update set hashed_password = excluded.hashed_password`)
  await test.rows(sql`
    insert into organization_memberships (id, organization_id, user_id, role)
    select gen_random_uuid(), ${organization.id}, u.id, 'member' from users u where u.email_canonical = ${email}
    on conflict do nothing`)
  await test.rows(sql`update organization_invitations set accepted_at = now() where id = ${invitationId}`)
  for (const action of ['invitation.accepted', 'member.added'])
    await test.rows(sql`
      insert into audit_events (id, action, outcome, organization_id, occurred_at, metadata)
      values (gen_random_uuid(), ${action}, 'success', ${organization.id}, now(), '{}')`)
  return true
}

const readActions = ({ organization }: Raced) =>
  test.rows<{ action: string }>(sql`
    select action from audit_events where organization_id = ${organization.id} and action <> 'invitation.sent'
    order by action`)

describe('registering by one link in many browsers at once', () => {
  const raceWith = (attempt: typeof register) =>
    race('organizationInvitation.acceptedAt', {
      rounds: 10,
      clients: 8,
      prepare,
      attempt,
      async invariant(raced, winners) {
        expect(winners).toBe(1)
        expect(Object.keys(await readRolesOf(test, raced.organization))).toHaveLength(2)
        expect(await readActions(raced)).toEqual([
          { action: 'invitation.accepted' },
          { action: 'member.added' },
        ])
        const [user] = await test.rows<{ hash: string }>(
          sql`select hashed_password as hash from users where email_canonical = ${raced.email}`,
        )
        const working = await Promise.all(
          Array.from({ length: 8 }, (_, client) =>
            test.runtime.hasher.verify(user?.hash ?? null, passwordOf(client)),
          ),
        )
        expect(working.filter(({ ok }) => ok)).toHaveLength(1)
      },
    })

  it('makes one account, with the password of the one that won', async () => {
    expect(await raceWith(register)).toBe(10)
  })

  it('lets whoever is last choose the password, where each looks first', async () => {
    await expect(raceWith(registerNaively)).rejects.toThrow(RaceLost)
  })
})

describe('joining by one link in many browsers at once', () => {
  it('makes a member once', async () => {
    const joined = await race('organizationInvitation.acceptedAt', {
      rounds: 10,
      clients: 6,
      maxWinners: 6, // all are of one account: each is told that they are a member
      async prepare() {
        const user = await createTestUser(test)
        const sent = await sendInvitation(test, user)
        const browsers: TestCaller[] = []
        while (browsers.length < 6) browsers.push(await signInTestUser(test, user))
        return { ...sent, browsers }
      },
      async attempt({ token, browsers }, client) {
        const browser = browsers[client]
        return browser !== undefined && (await acceptInvitation(test.runtime, browser, { token })).ok
      },
      async invariant({ organization }, winners) {
        expect(winners).toBeGreaterThan(0)
        const added = await test.rows(sql`
          select from audit_events where organization_id = ${organization.id}
            and action in ('invitation.accepted', 'member.added')`)
        expect(added).toHaveLength(2)
      },
    })
    expect(joined).toBe(60)
  })
})

describe('taking an invitation back at the moment it is used', () => {
  const revoke = async ({ organization, owning, invitationId }: Raced) => {
    const named = { organizationId: organization.id, invitationId }
    return (await revokeInvitation(test.runtime, { ...owning }, named)).ok
  }
  const raceWith = (registering: typeof register) =>
    race('organizationInvitation.acceptedAt', {
      rounds: 20,
      clients: 2,
      prepare,
      attempt: async (raced, client) => (client === 0 ? revoke(raced) : registering(raced, client)),
      async invariant(raced, winners) {
        const isMember = Object.keys(await readRolesOf(test, raced.organization)).length === 2
        const actions = (await readActions(raced)).map(({ action }) => action)
        const expected = isMember ? ['invitation.accepted', 'member.added'] : ['invitation.revoked']
        if (winners !== 1 || JSON.stringify(actions) !== JSON.stringify(expected))
          throw new RaceLost('taken back, and a member all the same')
      },
    })

  it('is one or the other', async () => {
    expect(await raceWith(register)).toBe(20)
  })

  it('is both, where joining looks first', async () => {
    await expect(raceWith(registerNaively)).rejects.toThrow(RaceLost)
  })
})

describe('ORG-04: the last seat', () => {
  interface Seats {
    organization: TestOrganization
    guests: readonly { user: TestUser; browser: TestCaller; token: string | undefined }[]
  }
  const CLIENTS = 6

  async function prepareSeats(): Promise<Seats> {
    const owner = await createTestUser(test)
    const users = await Promise.all(Array.from({ length: CLIENTS }, () => createTestUser(test)))
    const organization = await createTestOrganization(test, { owner: owner.id })
    const emails = users.map(({ email }) => email).join('\n')
    const input = { organizationId: organization.id, emails, role: 'member' }
    await inviteMembers(test.runtime, await signInTestUser(test, owner), input)
    const { sent } = await deliverMail(test)
    const tokens = new Map(
      sent.flatMap(({ to, props }) =>
        'invitationUrl' in props ? [[to, tokenOf(props.invitationUrl)] as const] : [],
      ),
    )
    await test.rows(sql`update organizations set seat_limit = 2 where id = ${organization.id}`)
    const guests = await Promise.all(
      users.map(async (user) => ({
        user,
        browser: await signInTestUser(test, user),
        token: tokens.get(user.email),
      })),
    )
    return { organization, guests }
  }

  const raceWith = (join: (seats: Seats, client: number) => Promise<boolean>) =>
    race('organization.seatLimit', {
      rounds: 10,
      clients: CLIENTS,
      prepare: prepareSeats,
      attempt: join,
      async invariant({ organization }, winners) {
        expect(winners).toBe(1)
        expect(Object.keys(await readRolesOf(test, organization))).toHaveLength(2)
      },
    })

  it('goes to one, however many join at once', async () => {
    const join = async ({ guests }: Seats, client: number) => {
      const guest = guests[client]
      if (guest === undefined) return false
      const result = await acceptInvitation(test.runtime, guest.browser, { token: guest.token })
      expect(result.ok || result.reason).toBe(result.ok ? true : 'full')
      return result.ok
    }
    expect(await raceWith(join)).toBe(10)
  })

  it('goes to several, where each counts first', async () => {
    const joinNaively = async ({ organization, guests }: Seats, client: number) => {
      const members = Object.keys(await readRolesOf(test, organization)).length
      const guest = guests[client]
      if (guest === undefined || members >= 2) return false
      await joinTestOrganization(test, organization, guest.user.id, 'member')
      return true
    }
    await expect(raceWith(joinNaively)).rejects.toThrow(RaceLost)
  })
})
