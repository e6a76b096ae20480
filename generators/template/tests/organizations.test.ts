// sigra:file organizations
import { randomBytes } from 'node:crypto'
import { createOrganization, type Person, type TestBrowser } from '@sigra/dev/testing'
import { describe, expect, it } from 'vitest'
import { organizationPaths, pathIn } from '../app/organizations/paths.ts'
import { words } from '../app/organizations/words.ts'
import { paths } from '../app/paths.ts'
import { sigra } from '../app/sigra.server.ts'
import { createPerson, findMail, openBrowser, registration } from './support/app.ts'

it('an organization is made by whoever fills in the form, and is nothing that anybody else finds', async () => {
  const [owner, stranger] = [await openBrowser().logIn(await createPerson()), openBrowser()]
  const slug = `team-${randomBytes(6).toString('hex')}`
  const made = await owner.post(organizationPaths.list, { intent: 'create', name: 'Acme Design', slug })
  expect(made.location).toBe(pathIn(slug))
  expect((await owner.get(pathIn(slug))).html).toContain('Acme Design')
  await stranger.logIn(await createPerson())
  expect((await stranger.get(pathIn(slug))).status).toBe(404)
})

describe('an invitation', () => {
  it('is taken by who registers with the address that was invited', async () => {
    const { owner, slug } = await begin()
    const email = freshEmail()
    await invite(owner, slug, email)
    const { browser, here } = await open((await findMail(email, 'invited')).link)
    await browser.post(paths.register, {
      ...registration(email, 'a quiet river under stones'),
      redirectTo: here,
    })
    const { link } = await findMail(email, 'onfirm')
    const confirm = await browser.get(link ?? '')
    const confirmed = await browser.post(confirm.location ?? '', { f: flowOf(confirm.location) })
    expect(confirmed.location).toBe(here)

    const joined = await browser.post(here, { intent: 'accept', f: flowOf(here) })
    expect(joined.location).toBe(pathIn(slug))
    expect((await browser.get(pathIn(slug))).html).toContain(words.flashes['invitation-accepted'])
    expect((await browser.get(here)).html).toContain(words.invitation.over)
  })

  it('joins nobody but who has its address, whoever holds the link', async () => {
    const { owner, slug } = await begin()
    const email = freshEmail()
    await invite(owner, slug, email)
    const stranger = await createPerson()
    const { browser, here } = await open((await findMail(email, 'invited')).link)
    await browser.logIn(stranger)
    expect((await browser.get(here)).html).toContain(words.invitation.logOut)
    expect((await browser.post(here, { intent: 'accept', f: flowOf(here) })).location).toBe(here)
    expect((await browser.get(pathIn(slug))).status).toBe(404)
    const out = await browser.post(here, { intent: 'log-out', f: flowOf(here) })
    expect(out.location).toBe(`${paths.logIn}?${new URLSearchParams({ redirectTo: here })}`)
    expect((await browser.get(here)).html).toContain(words.invitation.register)
  })

  it('is declined by whoever reads the mailbox, and is over for everybody', async () => {
    const { owner, slug } = await begin()
    const invited = await createPerson()
    await invite(owner, slug, invited.email)
    const { link } = await findMail(invited.email, 'invited')
    const { browser, here } = await open(link)
    expect((await browser.post(here, { intent: 'decline', f: flowOf(here) })).location).toBe(paths.logIn)
    const own = await open(link)
    await own.browser.logIn(invited)
    expect((await own.browser.get(own.here)).html).toContain(words.invitation.over)
    expect((await invite(owner, slug, invited.email)).html).toContain(words.invitations.answers.declined)
  })

  it('waits on the list of organizations for who has its address, and is nothing to anybody else', async () => {
    const { owner, slug } = await begin()
    const [invited, stranger] = [await createPerson(), await openBrowser().logIn(await createPerson())]
    await invite(owner, slug, invited.email)
    const browser = await openBrowser().logIn(invited)
    const list = organizationPaths.list
    const { html } = await browser.get(list)
    const [, invitationId = ''] = /name="invitationId" value="([^"]+)"/.exec(html) ?? []
    const accept = { intent: 'accept', invitationId }
    expect((await stranger.get(list)).html).not.toContain(words.ownInvitations.title)
    expect((await stranger.post(list, accept)).location).toBe(list)
    expect((await stranger.get(list)).html).toContain(words.flashes['invitation-gone'].refusal)
    expect((await stranger.get(pathIn(slug))).status).toBe(404)
    expect((await browser.post(list, accept)).location).toBe(pathIn(slug))
    expect((await browser.get(pathIn(slug))).html).toContain(words.flashes['invitation-accepted'])
    expect((await browser.get(list)).html).not.toContain(words.ownInvitations.title)
  })

  it('is answered line by line, and what can be corrected stays in the form', async () => {
    const { owner, slug } = await begin()
    const { html } = await invite(owner, slug, `${freshEmail()}\nno address`)
    expect(html).toContain(words.invitations.sent(1))
    expect(html).toContain(words.invitations.answers['not-an-email-address'])
    expect(/<textarea[^>]*>([^<]*)/.exec(html)?.[1]).toBe('no address')
    const empty = await invite(owner, slug, '')
    expect([empty.status, empty.html.includes(words.reasons['no-addresses'])]).toEqual([400, true])
  })

  it('is sent again, and taken back', async () => {
    const { owner, slug } = await begin()
    const invited = await createPerson()
    await invite(owner, slug, invited.email)
    const first = await open((await findMail(invited.email, 'invited')).link)
    const change = async (intent: string) => {
      const path = pathIn(slug, '/invitations')
      const { html } = await owner.get(path)
      const [, invitationId = ''] = /name="invitationId" value="([^"]+)"/.exec(html) ?? []
      await owner.post(path, { intent, invitationId })
      return (await owner.get(path)).html
    }
    expect(await change('resend')).toContain(words.flashes['invitation-resent'])
    expect((await first.browser.get(first.here)).html).toContain(words.invitation.over)
    expect(await change('revoke')).toContain(words.flashes['invitation-revoked'])
    expect(await change('revoke')).toContain(words.invitations.nobody)
  })

  it('is nothing that a member without the permission sees or sends', async () => {
    const { organization, slug } = await begin()
    const member = await createPerson()
    await member.joins(organization, 'member')
    const browser = await openBrowser().logIn(member)
    expect((await browser.get(pathIn(slug, '/members'))).html).not.toContain(pathIn(slug, '/invitations'))
    expect((await browser.get(pathIn(slug, '/invitations'))).status).toBe(403)
    expect((await invite(browser, slug, freshEmail())).status).toBe(403)
  })
})

describe('the log-in policy', () => {
  it('says whom it would keep out, and is none that whoever makes it does not meet', async () => {
    const { owner, slug } = await begin()
    const path = pathIn(slug, '/policy')
    const asked = { secondFactorInDays: '0' }
    const { html } = await owner.post(path, { intent: 'check', ...asked })
    expect(html).toContain(words.policy.lacks['second-factor'])
    const { status, html: refused } = await owner.post(path, { intent: 'save', ...asked })
    expect([status, refused.includes(words.reasons['not-met'])]).toEqual([400, true])
    expect((await owner.post(path, { intent: 'save', 'by-pwd': 'on' })).location).toBe(path)
    expect(/<input[^>]*name="by-pwd"[^>]*>/.exec((await owner.get(path)).html)?.[0]).toContain('checked')
  })

  it('sends whoever lacks something to where they read what', async () => {
    const strong = await createPerson({ state: 'second-factor' })
    const { owner, organization, slug } = await begin(strong)
    const save = await owner.post(pathIn(slug, '/policy'), { intent: 'save', secondFactorInDays: '0' })
    expect(save.location).toBe(pathIn(slug, '/policy'))
    const weak = await createPerson()
    await weak.joins(organization)
    const browser = await openBrowser().logIn(weak)
    const held = await browser.get(pathIn(slug, '/members'))
    const enter = pathIn(slug, '/enter')
    expect(held.location).toBe(`${enter}?${new URLSearchParams({ redirectTo: pathIn(slug, '/members') })}`)
    const { html } = await browser.get(enter)
    expect(html).toContain(words.enter.unmet['second-factor']())
    expect(html).toContain(words.enter.setUp)
    expect(html).not.toContain(words.enter.turnOff)
    expect((await browser.post(enter, { intent: 'turn-off' })).status).toBe(403)
    // Nobody is held who meets it.
    expect((await owner.get(enter)).location).toBe(pathIn(slug))
  })
})

describe('the deletion of an organization', () => {
  it('is asked for by typing its name, hides it from everybody, and is taken back by an owner', async () => {
    const { owner, slug, organization } = await begin()
    const settings = pathIn(slug, '/settings')
    const shown = shownOn((await owner.get(settings)).html)
    const ask = (confirmation: string) => owner.post(settings, { intent: 'delete', shown, confirmation })
    const { status, html } = await ask('acme')
    expect([status, html.includes(words.reasons['not-the-slug'])]).toEqual([400, true])
    expect((await ask(slug)).location).toBe(organizationPaths.list)
    expect((await owner.get(pathIn(slug))).status).toBe(404)

    const list = await owner.get(organizationPaths.list)
    expect(list.html).toContain(words.flashes['organization-deleted'](organization.name))
    const [, organizationId = ''] = /name="organizationId" value="([^"]+)"/.exec(list.html) ?? []
    const stranger = await openBrowser().logIn(await createPerson())
    const restore = { intent: 'restore', organizationId }
    expect((await stranger.post(organizationPaths.list, restore)).status).toBe(404)
    expect((await owner.post(organizationPaths.list, restore)).location).toBe(pathIn(slug))
    expect((await owner.get(pathIn(slug))).html).toContain(words.flashes['organization-restored'])
  })

  it('is not asked for by a form that does not say what it showed, nor by who may not', async () => {
    const { owner, slug, organization } = await begin()
    const member = await createPerson()
    await member.joins(organization)
    const browser = await openBrowser().logIn(member)
    const settings = pathIn(slug, '/settings')
    const asked = { intent: 'delete', confirmation: slug }
    expect((await owner.post(settings, asked)).status).toBe(409)
    const { html } = await browser.get(settings)
    expect(html).not.toContain(words.settings.delete.title)
    expect((await browser.post(settings, { ...asked, shown: shownOn(html) })).status).toBe(403)
    expect((await owner.get(settings)).status).toBe(200)
  })
})

describe('the audit log', () => {
  it('says to owners what happened, by event and by day, and nothing to who may not read it', async () => {
    const { owner, slug, organization } = await begin()
    const member = await createPerson()
    await member.joins(organization)
    const browser = await openBrowser().logIn(member)
    const path = pathIn(slug, '/audit')
    const { html } = await owner.get(path)
    expect(html).toContain(`<h2>${words.audit.actions['invitation.accepted']}</h2>`)
    expect(html).toContain(words.audit.by(member.email))
    const asked = async (question: Record<string, string>) =>
      [
        ...(await owner.get(`${path}?${new URLSearchParams(question)}`)).html.matchAll(/<h2>([^<]+)<\/h2>/g),
      ].map(([, said]) => said)
    const today = new Date().toISOString().slice(0, 10)
    const created = { action: 'organization.created', from: today, to: today }
    expect(await asked(created)).toEqual([words.audit.actions['organization.created']])
    expect(await asked({ ...created, to: '2020-01-01' })).toEqual([])
    expect(await asked({ from: 'yesterday' })).toEqual([])
    expect((await browser.get(path)).status).toBe(403)
    expect((await browser.get(pathIn(slug))).html).not.toContain(path)
  })
})

/** An organization, and its owner's browser. */
async function begin(person?: Person) {
  const owner = person ?? (await createPerson())
  const organization = await createOrganization(sigra, { owner })
  return { organization, slug: organization.slug, owner: await openBrowser().logIn(owner) }
}

function invite(browser: TestBrowser, slug: string, emails: string) {
  return browser.post(pathIn(slug, '/invitations'), { intent: 'invite', emails, role: 'member' })
}

/** The id of the organization that a page shows. */
function shownOn(html: string): string {
  return /name="shown" value="([^"]+)"/.exec(html)?.[1] ?? ''
}

/** Opens the link of an invitation in a browser of its own. */
async function open(link: string | null): Promise<{ browser: TestBrowser; here: string }> {
  const browser = openBrowser()
  const { location } = await browser.get(link ?? '')
  return { browser, here: location ?? '' }
}

function flowOf(path: string | null): string {
  return new URL(path ?? '', 'http://localhost').searchParams.get('f') ?? ''
}

function freshEmail(): string {
  return `guest-${randomBytes(6).toString('hex')}@example.com`
}
