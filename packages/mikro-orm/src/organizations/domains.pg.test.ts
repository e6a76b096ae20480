import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { sql } from '../database/sql.ts'
import {
  createTestCaller,
  createTestRuntime,
  createTestUser,
  nextRequest,
  race,
  RaceLost,
  type TestCaller,
  type TestRuntime,
} from '../testing/index.ts'
import { startNameServer, type TestNameServer } from '../testing/organizations/dns-server.ts'
import {
  createTestOrganization,
  createTestSlug,
  joinTestOrganization,
  readRolesOf,
  type TestOrganization,
} from '../testing/organizations/test-members.ts'
import { registerInBrowser } from '../testing/test-registration.ts'
import { confirmUser } from '../confirm/confirm-user.ts'
import { deliverMail, findMail, tokenOf } from '../testing/test-mail.ts'
import { cheapHashing, generousLimits } from '../testing/test-policy.ts'
import { signInTestUser } from '../testing/test-session.ts'
import type { TestUser } from '../testing/test-user.ts'
import { acceptInvitation, getInvitationByToken } from './answer-invitation.ts'
import { changeTestEmail } from '../testing/test-email-change.ts'
import { receiveNotice } from '../testing/test-notice.ts'
import { secureUser } from '../not-me/secure-user.ts'
import { addDomain } from './add-domain.ts'
import { checkDomain, removeDomain } from './change-domain.ts'
import { checkDomains } from './check-domains.ts'
import { createOrganization } from './create-organization.ts'
import { inviteMembers } from './invite-members.ts'
import { joinByDomain } from './join-by-domain.ts'
import { leaveOrganization } from './leave-organization.ts'
import { listDomainOffers } from './list-domain-offers.ts'
import { listDomains } from './list-domains.ts'
import { createTxtLookup } from './look-up-txt.ts'
import { removeMember } from './remove-member.ts'
import { setSeatLimit } from './set-seat-limit.ts'

let dns: TestNameServer
beforeAll(async () => {
  dns = await startNameServer()
})
afterAll(() => dns.close())

let count = 0
const createDomain = () => `firm${(count += 1)}.example`

describe.each(['uuid', 'bigint'] as const)('domains of organizations, with ids of %s', (idType) => {
  let test: TestRuntime
  beforeAll(async () => {
    test = await createTestRuntime({ idType, policy: { ...generousLimits, ...cheapHashing } })
  })
  afterAll(() => test.close())
  afterEach(async () => {
    dns.beforeAnswer = null
    dns.isSilent = false
    await test.rows(sql`delete from organizations`)
    await test.rows(sql`delete from graphile_worker._private_jobs`)
  })

  interface Owned {
    organization: TestOrganization
    owner: TestUser
    browser: TestCaller
  }
  async function own(): Promise<Owned> {
    const owner = await createTestUser(test)
    const organization = await createTestOrganization(test, { owner: owner.id })
    return { organization, owner, browser: await signInTestUser(test, owner) }
  }
  const run = () =>
    checkDomains(test.runtime, { lookUpTxt: createTxtLookup([dns.address]) }).then(({ verified, lost }) => ({
      verified,
      lost,
    }))
  const none = { verified: 0, lost: 0 }
  const add = ({ organization: { id }, browser }: Owned, domain: unknown, mode?: unknown) =>
    addDomain(test.runtime, browser, { organizationId: id, domain, mode })
  async function list({ organization: { id }, browser }: Owned) {
    const listed = await listDomains(test.runtime, browser, { organizationId: id })
    return listed.ok ? listed.domains : []
  }
  /** Sets the record that is asked for. */
  async function publish(owned: Owned, domain: string): Promise<void> {
    const known = (await list(owned)).find((each) => each.domain === domain)
    if (known) dns.records.set(known.record.name, ['v=spf1 -all', known.record.value])
  }
  async function prove(owned: Owned, domain: string, mode?: string): Promise<void> {
    await add(owned, domain, mode)
    await publish(owned, domain)
    expect(await run()).toEqual({ verified: 1, lost: 0 })
  }
  const readActions = async ({ organization: { id } }: Owned) =>
    (
      await test.rows<{ action: string }>(sql`
        select action from audit_events where organization_id = ${id} and action like 'domain.%' order by id`)
    ).map(({ action }) => action)
  /** Somebody with a proven address there. */
  const createColleague = (domain: string) => createTestUser(test, { email: `p${(count += 1)}@${domain}` })
  const join = async ({ organization }: Owned, user: TestUser) =>
    joinByDomain(test.runtime, await signInTestUser(test, user), { organizationId: organization.id })

  it('are proven by what their DNS says, and by nothing else', async () => {
    const owned = await own()
    const domain = createDomain()
    const added = await add(owned, domain)
    expect(added).toMatchObject({ ok: true, record: { name: `_sigra.${domain}` } })
    expect(await run()).toEqual(none)
    dns.records.set(`_sigra.${domain}`, ['sigra-verification=somebody-else'])
    test.advance({ minutes: 5 })
    expect(await run()).toEqual(none)
    expect(await list(owned)).toMatchObject([{ domain, verifiedAt: null, isMissing: true }])
    await publish(owned, domain)
    test.advance({ minutes: 5 })
    expect(await run()).toEqual({ verified: 1, lost: 0 })
    expect(await list(owned)).toMatchObject([{ domain, verifiedAt: expect.any(Date), isMissing: false }])
    expect(await readActions(owned)).toEqual(['domain.added', 'domain.verified'])
  })

  it('are asked about once and then less often, or as soon as somebody wants it', async () => {
    const owned = await own()
    await add(owned, createDomain())
    const asked = async () => {
      const before = dns.asked.length
      await run()
      return dns.asked.length - before
    }
    expect([await asked(), await asked()]).toEqual([1, 0])
    const [domain] = await list(owned)
    const named = { organizationId: owned.organization.id, domainId: domain?.id }
    expect(await checkDomain(test.runtime, owned.browser, named)).toEqual({ ok: true })
    expect(await asked()).toBe(1)
    expect(
      await test.rows(sql`select from graphile_worker.jobs where task_identifier = 'sigra.areas'`),
    ).toHaveLength(1)
    expect(await checkDomain(test.runtime, owned.browser, { ...named, domainId: '0' })).toEqual({
      ok: false,
      reason: 'unknown-domain',
    })
    test.advance({ days: 20 })
    expect(await asked()).toBe(1)
    test.advance({ minutes: 6 })
    expect(await asked()).toBe(0)
  })

  it('are not proven where nobody answers', async () => {
    const owned = await own()
    await add(owned, createDomain())
    dns.isSilent = true
    expect(await run()).toEqual(none)
    expect(await list(owned)).toMatchObject([{ verifiedAt: null, isMissing: true }])
  })

  it('stay proven for a week and longer, and are lost after three failures; owners are told', async () => {
    const owned = await own()
    const domain = createDomain()
    await prove(owned, domain)
    const colleague = await createColleague(domain)
    test.advance({ days: 7, minutes: 1 })
    expect(await run()).toEqual(none)
    dns.records.delete(`_sigra.${domain}`)
    test.advance({ days: 7, minutes: 1 })
    expect(await run()).toEqual(none)
    test.advance({ days: 1, minutes: 1 })
    expect(await run()).toEqual(none)
    expect(await list(owned)).toMatchObject([{ verifiedAt: expect.any(Date), isMissing: true }])
    test.advance({ days: 1, minutes: 1 })
    expect(await run()).toEqual({ verified: 0, lost: 1 })
    expect(await list(owned)).toMatchObject([{ verifiedAt: null }])
    expect(await join(owned, colleague)).toEqual({ ok: false, reason: 'no-offer' })
    const mail = findMail(await deliverMail(test), 'domainLost')
    expect(mail).toMatchObject({
      to: owned.owner.email,
      props: { domain, organization: owned.organization.name },
    })
    expect(await readActions(owned)).toEqual(['domain.added', 'domain.verified', 'domain.lost'])
  })

  it('let in who has an address there, with the role that everybody begins with', async () => {
    const owned = await own()
    const domain = createDomain()
    const colleague = await createColleague(domain)
    await add(owned, domain)
    expect(await join(owned, colleague)).toEqual({ ok: false, reason: 'no-offer' }) // nobody has proven it
    await publish(owned, domain)
    await checkDomain(test.runtime, owned.browser, {
      organizationId: owned.organization.id,
      domainId: (await list(owned))[0]?.id,
    })
    await run()
    const browser = await signInTestUser(test, colleague)
    const { id, name } = owned.organization
    expect(await listDomainOffers(test.runtime, browser)).toEqual([{ organizationId: id, name, domain }])
    expect(await listDomainOffers(test.runtime, createTestCaller())).toEqual([])
    expect(await join(owned, colleague)).toMatchObject({ ok: true, slug: owned.organization.slug })
    expect(await readRolesOf(test, owned.organization)).toMatchObject({ [colleague.id]: 'member' })
    expect(await listDomainOffers(test.runtime, await signInTestUser(test, colleague))).toEqual([])
    expect(await join(owned, colleague)).toEqual({ ok: false, reason: 'no-offer' })
  })

  it('let in nobody with an address of another domain, one below, or one that is not proven', async () => {
    const owned = await own()
    const domain = createDomain()
    await prove(owned, domain)
    for (const other of [`mail.${domain}`, `not${domain}`, 'example.com', `${domain}.example`])
      expect(await join(owned, await createColleague(other))).toEqual({ ok: false, reason: 'no-offer' })
    const squatter = await createColleague(domain)
    const browser = await signInTestUser(test, squatter)
    await test.rows(sql`update users set confirmed_at = null where id::text = ${squatter.id}`)
    expect(await listDomainOffers(test.runtime, browser)).toEqual([])
    const organizationId = owned.organization.id
    expect(await joinByDomain(test.runtime, browser, { organizationId })).toEqual({
      ok: false,
      reason: 'no-offer',
    })
    expect(Object.keys(await readRolesOf(test, owned.organization))).toEqual([owned.owner.id])
  })

  it('bring back nobody who was removed, until somebody invites them', async () => {
    const owned = await own()
    const domain = createDomain()
    await prove(owned, domain)
    const colleague = await createColleague(domain)
    const organizationId = owned.organization.id
    const memberId = await joinTestOrganization(test, owned.organization, colleague.id, 'member')
    await removeMember(test.runtime, owned.browser, { organizationId, memberId })
    expect(await join(owned, colleague)).toEqual({ ok: false, reason: 'no-offer' })
    const input = { organizationId, emails: colleague.email, role: 'member' }
    await inviteMembers(test.runtime, owned.browser, input)
    const { invitationUrl } = findMail(await deliverMail(test), 'organizationInvitation').props
    const token = tokenOf(invitationUrl)
    const browser = await signInTestUser(test, colleague)
    expect(await acceptInvitation(test.runtime, browser, { token })).toMatchObject({ ok: true })
    const kept = await test.rows(
      sql`select from organization_exclusions where user_id::text = ${colleague.id}`,
    )
    expect(kept).toEqual([])
  })

  it('offer nothing where no seat is left', async () => {
    const owned = await own()
    const domain = createDomain()
    await prove(owned, domain)
    const colleague = await createColleague(domain)
    const organizationId = owned.organization.id
    expect(await setSeatLimit(test.runtime, { organizationId, seats: 1 })).toBe(1)
    expect(await listDomainOffers(test.runtime, await signInTestUser(test, colleague))).toEqual([])
    expect(await join(owned, colleague)).toEqual({ ok: false, reason: 'full' })
    const listed = await listDomains(test.runtime, owned.browser, { organizationId })
    expect(listed).toMatchObject({ isFull: true })
    await setSeatLimit(test.runtime, { organizationId, seats: null })
    expect(await join(owned, colleague)).toMatchObject({ ok: true })
  })

  describe('of the mode “auto”', () => {
    const confirm = async (domain: string) => {
      const registered = await registerInBrowser(test, { email: `p${(count += 1)}@${domain}` })
      await confirmUser(test.runtime, registered.browser, { token: registered.token })
      return registered.email
    }
    const isMember = async ({ organization: { id } }: Owned, email: string) =>
      (
        await test.rows(sql`
          select from organization_memberships m join users u on u.id = m.user_id
          where m.organization_id::text = ${id} and u.email_canonical = ${email} and m.role = 'member'`)
      ).length === 1

    it('take in whoever proves an address there', async () => {
      const owned = await own()
      const domain = createDomain()
      await prove(owned, domain, 'auto')
      expect(await isMember(owned, await confirm(domain))).toBe(true)
      expect(await isMember(owned, await confirm(`mail.${domain}`))).toBe(false)
      const lines = await test.rows<{ metadata: object }>(sql`
        select metadata from audit_events where action = 'member.added' and organization_id = ${owned.organization.id}`)
      expect(lines).toEqual([{ metadata: { role: 'member', method: 'domain' } }])
    })

    it('take in as many as there are seats', async () => {
      const owned = await own()
      const domain = createDomain()
      await prove(owned, domain, 'auto')
      await setSeatLimit(test.runtime, { organizationId: owned.organization.id, seats: 2 })
      expect(await isMember(owned, await confirm(domain))).toBe(true)
      expect(await isMember(owned, await confirm(domain))).toBe(false)
    })

    it('are changed by adding them again, and offer from then on', async () => {
      const owned = await own()
      const domain = createDomain()
      await prove(owned, domain, 'auto')
      await add(owned, domain.toUpperCase(), 'offer')
      expect(await list(owned)).toMatchObject([{ mode: 'offer', verifiedAt: expect.any(Date) }])
      expect(await isMember(owned, await confirm(domain))).toBe(false)
    })

    it('confirm nobody later because somebody is at work there: what has seats stays an offer', async () => {
      const owned = await own()
      const domain = createDomain()
      await prove(owned, domain, 'auto')
      await setSeatLimit(test.runtime, { organizationId: owned.organization.id, seats: 5 })
      const release = Promise.withResolvers<void>()
      const locked = Promise.withResolvers<void>()
      const holding = test.runtime.orm.em.fork().transactional(async (em) => {
        await em
          .getConnection()
          .execute(
            `select from organizations where id::text = '${owned.organization.id}' for no key update`,
            [],
            'all',
            em.getTransactionContext(),
          )
        locked.resolve()
        await release.promise
      })
      await locked.promise
      const email = await confirm(domain).finally(() => release.resolve())
      await holding
      expect(await isMember(owned, email)).toBe(false)
    })
  })

  describe('after a change of address', () => {
    /** Somebody with another address by now, and the link that gives them their former one back. */
    async function changeTo(domain: string, user: TestUser) {
      const token = await receiveNotice(test, user)
      const browser = await signInTestUser(test, user)
      const { email } = await changeTestEmail(test, browser, { email: `p${(count += 1)}@${domain}` })
      const undo = async () =>
        expect(await secureUser(test.runtime, createTestCaller(), { token })).toEqual({ ok: true })
      return { email, browser, undo }
    }
    const invite = async ({ organization: { id }, browser }: Owned, emails: string, role = 'member') => {
      await inviteMembers(test.runtime, browser, { organizationId: id, emails, role })
      return tokenOf(findMail(await deliverMail(test), 'organizationInvitation').props.invitationUrl)
    }

    it('take in who has an address there by now, as the mode “auto” says', async () => {
      const [auto, offer] = [await own(), await own()]
      const [domain, offered] = [createDomain(), createDomain()]
      await prove(auto, domain, 'auto')
      await prove(offer, offered)
      const [user, other] = [await createTestUser(test), await createTestUser(test)]
      await changeTo(domain, user)
      await changeTo(offered, other)
      expect(await readRolesOf(test, auto.organization)).toMatchObject({ [user.id]: 'member' })
      expect(await readRolesOf(test, offer.organization)).not.toHaveProperty(other.id)
    })

    it('LIF-09: lose whoever has their former address back: what the later one had won ends with it', async () => {
      const [auto, offer, inviting, before] = [await own(), await own(), await own(), await own()]
      const [domain, former] = [createDomain(), createDomain()]
      await prove(auto, domain, 'auto')
      await prove(offer, former)
      await prove(before, `two.${former}`)
      const user = await createColleague(`two.${former}`)
      expect(await join(before, user)).toMatchObject({ ok: true })
      test.advance({ minutes: 1 })

      const { email, browser, undo } = await changeTo(domain, user)
      const token = await invite(inviting, email, 'admin')
      expect(await acceptInvitation(test.runtime, browser, { token })).toMatchObject({ ok: true })
      const sent = await invite(
        { ...inviting, browser: await nextRequest(test.runtime, browser) },
        'friend@thief.example',
      )
      expect(await readRolesOf(test, auto.organization)).toHaveProperty(user.id)
      await undo()

      for (const { organization } of [auto, inviting])
        expect(await readRolesOf(test, organization)).not.toHaveProperty(user.id)
      expect(await readRolesOf(test, before.organization)).toMatchObject({ [user.id]: 'member' })
      expect(await getInvitationByToken(test.runtime, createTestCaller(), sent)).toBeNull()
      const [line] = await test.rows(sql`
        select actor_id as "actorId", metadata from audit_events
        where action = 'member.left' and organization_id = ${inviting.organization.id}`)
      expect(line).toEqual({
        actorId: user.id,
        metadata: { formerRole: 'admin', method: 'email-change-undone' },
      })
    })

    it('LIF-09: lose nobody by “This wasn’t me” that gives no address back, nor what somebody made', async () => {
      const [auto, inviting] = [await own(), await own()]
      const domain = createDomain()
      await prove(auto, domain, 'auto')
      const { email, browser } = await changeTo(domain, await createTestUser(test))
      await createOrganization(test.runtime, browser, { name: 'Mine', slug: createTestSlug() })
      await invite(inviting, email)
      const token = await receiveNotice(test, { email })
      expect(await secureUser(test.runtime, createTestCaller(), { token })).toEqual({ ok: true })
      expect(Object.keys(await readRolesOf(test, auto.organization))).toHaveLength(2)
      const made = await createTestUser(test)
      const changed = await changeTo(createDomain(), made)
      const created = await createOrganization(test.runtime, changed.browser, {
        name: 'Mine',
        slug: createTestSlug(),
      })
      await changed.undo()
      const kept = await test.rows(sql`select role from organization_memberships where user_id = ${made.id}`)
      expect([created.ok, kept]).toEqual([true, [{ role: 'owner' }]])
    })

    it('LIF-09, ORG-08: lose an only owner to the member with most rights, and nobody where they are alone', async () => {
      const [shared, alone] = [await own(), await own()]
      const member = await createTestUser(test)
      await joinTestOrganization(test, shared.organization, member.id, 'member')
      const user = await createTestUser(test)
      const { email, browser, undo } = await changeTo(createDomain(), user)
      let visitor = browser
      for (const owned of [shared, alone]) {
        const token = await invite(owned, email, 'owner')
        expect(await acceptInvitation(test.runtime, visitor, { token })).toMatchObject({ ok: true })
        visitor = await nextRequest(test.runtime, visitor)
        const { organization } = owned
        const left = await leaveOrganization(test.runtime, owned.browser, { organizationId: organization.id })
        expect(left).toEqual({ ok: true })
      }
      await undo()
      expect(await readRolesOf(test, shared.organization)).toEqual({ [member.id]: 'owner' })
      expect(await readRolesOf(test, alone.organization)).toEqual({ [user.id]: 'owner' })
    })
  })

  it('are not added where they cannot be proven, nor by who may not, nor without end', async () => {
    const owned = await own()
    expect(await add(owned, 'gmail.com')).toEqual({ ok: false, reason: 'public-domain' })
    expect(await add(owned, 'no domain')).toEqual({ ok: false, reason: 'bad-domain' })
    const member = await createTestUser(test)
    await joinTestOrganization(test, owned.organization, member.id, 'member')
    const theirs = { ...owned, browser: await signInTestUser(test, member) }
    expect(await add(theirs, createDomain())).toEqual({ ok: false, reason: 'forbidden' })
    for (let n = 0; n < 10; n += 1) expect(await add(owned, createDomain())).toMatchObject({ ok: true })
    expect(await add(owned, createDomain())).toEqual({ ok: false, reason: 'too-many-domains', most: 10 })
  })

  it('are removed, and nobody joins by them any more', async () => {
    const owned = await own()
    const domain = createDomain()
    await prove(owned, domain)
    const [known] = await list(owned)
    const stranger = await own()
    const named = { organizationId: owned.organization.id, domainId: known?.id }
    const theirs = { ...named, organizationId: stranger.organization.id }
    expect(await removeDomain(test.runtime, stranger.browser, theirs)).toEqual({
      ok: false,
      reason: 'unknown-domain',
    })
    expect(await removeDomain(test.runtime, owned.browser, named)).toEqual({ ok: true })
    expect(await join(owned, await createColleague(domain))).toEqual({ ok: false, reason: 'no-offer' })
    expect(await readActions(owned)).toEqual(['domain.added', 'domain.verified', 'domain.removed'])
  })

  it('ORG-13: prove nothing for a domain that was removed and added anew while the DNS was asked', async () => {
    const owned = await own()
    const domain = createDomain()
    await add(owned, domain)
    await publish(owned, domain)
    dns.beforeAnswer = async () => {
      await removeDomain(test.runtime, owned.browser, {
        organizationId: owned.organization.id,
        domainId: (await list(owned))[0]?.id,
      })
      await add(owned, domain)
    }
    expect(await run()).toEqual(none)
    expect(await list(owned)).toMatchObject([{ domain, verifiedAt: null }])
  })

  it('ORG-13: prove nothing for a row that holds another domain by the time the DNS answers', async () => {
    const owned = await own()
    const domain = createDomain()
    await add(owned, domain)
    await publish(owned, domain)
    dns.beforeAnswer = () =>
      test.rows(sql`update organization_domains set domain = 'bank.example' where domain = ${domain}`)
    expect(await run()).toEqual(none)
    expect(await list(owned)).toMatchObject([{ domain: 'bank.example', verifiedAt: null }])
  })

  it('are one organization’s: what another has proven is proven for nobody else', async () => {
    const [first, second] = [await own(), await own()]
    const domain = createDomain()
    await prove(first, domain)
    await add(second, domain)
    const [record] = (await list(second)).map((each) => each.record)
    dns.records.set(`_sigra.${domain}`, [...(dns.records.get(`_sigra.${domain}`) ?? []), record?.value ?? ''])
    expect(await run()).toEqual(none)
    expect(await list(second)).toMatchObject([{ verifiedAt: null, isTaken: true }])
    expect(await list(first)).toMatchObject([{ verifiedAt: expect.any(Date), isTaken: false }])
  })

  describe('ORG-13: two that claim one domain', () => {
    interface Claimed {
      domain: string
      claims: { owned: Owned; id: string }[]
    }
    async function prepare(): Promise<Claimed> {
      await test.rows(sql`delete from organization_domains`)
      const domain = createDomain()
      const claims = []
      for (const owned of [await own(), await own()]) {
        await add(owned, domain)
        const [known] = await list(owned)
        claims.push({ owned, id: known?.id ?? '', value: known?.record.value ?? '' })
      }
      dns.records.set(
        `_sigra.${domain}`,
        claims.map(({ value }) => value),
      )
      return { domain, claims }
    }
    const verifiedOf = ({ domain }: Claimed) =>
      test.rows(sql`select from organization_domains where domain = ${domain} and verified_at is not null`)
    const raceWith = (
      attempt: (claimed: Claimed, client: number) => Promise<boolean>,
      invariant: (claimed: Claimed) => Promise<void>,
    ) => race('organizationDomain.verifiedAt', { rounds: 10, clients: 4, prepare, attempt, invariant })

    it('prove it for one, however many workers ask at once', async () => {
      const isOne = async (claimed: Claimed) => expect(await verifiedOf(claimed)).toHaveLength(1)
      expect(await raceWith(async () => (await run()).verified > 0, isOne)).toBe(10)
    })

    it('prove it for both, where each looks first and nothing in the table says that it is one', async () => {
      await test.rows(sql`create table naive_domains as select * from organization_domains limit 0`)
      const naively = async (claimed: Claimed, client: number) => {
        const { domain } = claimed
        const taken = await test.rows(sql`select from naive_domains where domain = ${domain}`)
        const claim = claimed.claims[client % 2]
        if (taken.length > 0 || claim === undefined) return false
        await test.rows(sql`
          insert into naive_domains select * from organization_domains where id::text = ${claim.id}`)
        return true
      }
      await expect(raceWith(naively, async () => undefined)).rejects.toThrow(RaceLost)
      await test.rows(sql`drop table naive_domains`)
    })
  })
})
