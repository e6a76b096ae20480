import type { BrowserContext, Page } from '@playwright/test'
import { enrol, setUp, spaced } from './support/authenticator.ts'
import { query } from './support/database.ts'
import { waitForMail } from './support/mails.ts'
import { addMember, createSlug } from './support/organizations.ts'
import { createPerson, expect, type Person, test } from './support/test.ts'

const bar = (page: Page) => page.getByRole('navigation', { name: 'Account' })

async function create(page: Page, name: string, slug = createSlug()): Promise<string> {
  await page.goto('/organizations')
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill(name)
  await page.getByLabel('Web address name').fill(slug)
  await page.getByRole('button', { name: 'Create organization' }).click()
  await page.waitForURL(`**/organizations/${slug}`)
  return slug
}

/** Somebody new, logged in, who owns “Acme Design”. @returns Its slug. */
async function begin(page: Page, person: Person): Promise<string> {
  await person.registerAndConfirm(page)
  await person.logIn(page)
  await page.waitForURL('**/')
  return create(page, 'Acme Design')
}

for (const javaScriptEnabled of [true, false])
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled })

    test('somebody has an organization of their own, creates one, goes back and forth, and renames it', async ({
      page,
      person,
    }) => {
      await person.registerAndConfirm(page)
      await person.logIn(page)
      await page.waitForURL('**/')
      await expect(bar(page)).toContainText('Personal')

      const slug = await create(page, 'Acme Design')
      await expect(page.getByText('Your organization is ready.')).toBeVisible()
      await expect(bar(page)).toContainText('Acme Design')

      await page.goto('/organizations')
      await page.getByRole('button', { name: 'Open Personal' }).click()
      await page.waitForURL(/organizations\/p-\w{10}$/)
      await page.goto('/dashboard')
      await expect(bar(page)).toContainText('Personal')
      // A page of an organization is that organization's, wherever somebody is at work.
      await page.goto(`/organizations/${slug}/settings`)
      await expect(bar(page)).toContainText('Acme Design')

      await page.getByRole('textbox', { name: 'Name', exact: true }).fill('https://evil.example')
      await page.getByRole('button', { name: 'Save name' }).click()
      await expect(page.getByText(/doesn’t look like a link/)).toBeVisible()
      await page.getByRole('textbox', { name: 'Name', exact: true }).fill('Acme Studio')
      await page.getByRole('button', { name: 'Save name' }).click()
      await expect(page.getByText('The name is saved.')).toBeVisible()
      await expect(bar(page)).toContainText('Acme Studio')

      const next = createSlug()
      await page.getByRole('textbox', { name: 'Web address name' }).fill(next)
      await page.getByRole('button', { name: 'Change web address name' }).click()
      await page.waitForURL(`**/organizations/${next}/settings`)
      await page.goto(`/organizations/${slug}/members`)
      await expect(page).toHaveURL(`/organizations/${next}/members`)
    })

    test('a member gets a role, does what it allows, and is removed', async ({
      page,
      person,
      openBrowser,
    }) => {
      const slug = await begin(page, person)
      const colleague = await colleagueOf(slug, await openBrowser())
      await colleague.page.goto(`/organizations/${slug}/settings`)
      await expect(colleague.page.getByRole('textbox', { name: 'Name', exact: true })).toHaveCount(0)

      await page.goto(`/organizations/${slug}/members?q=${encodeURIComponent(colleague.email)}`)
      await expect(page.getByRole('listitem')).toHaveCount(1)
      await page.getByText('Change').click()
      await page.getByLabel('Role').selectOption('Admin')
      await page.getByRole('button', { name: `Save role of ${colleague.email}` }).click()
      await expect(page.getByText('The role is saved.')).toBeVisible()
      await colleague.page.reload()
      await expect(colleague.page.getByRole('textbox', { name: 'Name', exact: true })).toHaveValue(
        'Acme Design',
      )

      await page.reload() // what was open is closed, with and without script
      const row = page.getByRole('listitem').filter({ hasText: colleague.email })
      await row.getByText('Change').click()
      await row.locator('summary').filter({ hasText: 'Remove' }).click()
      await row.getByRole('button', { name: `Yes, remove ${colleague.email}` }).click()
      await expect(page.getByText('They were removed.')).toBeVisible()
      await colleague.page.reload()
      await expect(colleague.page.getByText('Page not found')).toBeVisible()
    })

    test('somebody who has no account is invited, registers, and joins', async ({
      page,
      person,
      openBrowser,
    }) => {
      const slug = await begin(page, person)
      const guest = createPerson()
      await page.goto(`/organizations/${slug}/invitations`)
      await page.getByLabel('Email addresses').fill(`${guest.email}\nno address`)
      await page.getByLabel('Role').selectOption('Admin')
      await page.getByRole('button', { name: 'Send invitations' }).click()
      await expect(page.getByText('Your invitation is on its way.')).toBeVisible()
      await expect(page.getByRole('alert')).toContainText('no address: this isn’t an email address')
      await expect(page.getByLabel('Email addresses')).toHaveValue('no address')

      const own = await (await openBrowser()).newPage()
      await own.goto((await waitForMail(guest.email, /invited/i)).link)
      await expect(own).toHaveURL(/invitations\/continue\?f=/) // nothing of the token is left in the address
      await own.getByLabel('Password', { exact: true }).fill('short')
      await own.getByRole('button', { name: 'Create account and join' }).click()
      await expect(own.getByText(/Use at least \d+ characters/)).toBeVisible()
      await own.getByLabel('Password', { exact: true }).fill(guest.password)
      await own.getByRole('button', { name: 'Create account and join' }).click()
      await own.waitForURL(`**/organizations/${slug}`)
      await expect(own.getByText('Welcome. You’re a member now.')).toBeVisible()
      await own.goto(`/organizations/${slug}/members`)
      await expect(own.getByRole('listitem').filter({ hasText: guest.email })).toContainText('Admin')
      await page.goto(`/organizations/${slug}/invitations`)
      await expect(page.getByText('No invitations are waiting for an answer.')).toBeVisible()
    })

    test('somebody who has an account already is told so, logs in, and joins', async ({
      page,
      person,
      openBrowser,
    }) => {
      const slug = await begin(page, person)
      const guest = createPerson()
      const browser = await openBrowser()
      await guest.registerAndConfirm(await browser.newPage())
      await page.goto(`/organizations/${slug}/invitations`)
      await page.getByLabel('Email addresses').fill(guest.email)
      await page.getByRole('button', { name: 'Send invitations' }).click()
      await expect(page.getByText('Your invitation is on its way.')).toBeVisible()

      const own = await (await openBrowser()).newPage()
      await own.goto((await waitForMail(guest.email, /invited/i)).link)
      await own.getByLabel('Password', { exact: true }).fill('another lonely lighthouse')
      await own.getByRole('button', { name: 'Create account and join' }).click()
      await expect(own.getByText('This email address has an account. Log in to join.')).toBeVisible()
      await own.getByRole('link', { name: 'Log in' }).click()
      await own.getByLabel('Email').fill(guest.email)
      await own.getByLabel('Password', { exact: true }).fill(guest.password)
      await own.getByRole('button', { name: 'Log in' }).click()
      await own.getByRole('button', { name: 'Join' }).click()
      await expect(own.getByText('Welcome. You’re a member now.')).toBeVisible()
    })

    test('an invitation in the wrong hands says whose it is, and is declined', async ({
      page,
      person,
      openBrowser,
    }) => {
      const slug = await begin(page, person)
      const guest = createPerson()
      await page.goto(`/organizations/${slug}/invitations`)
      await page.getByLabel('Email addresses').fill(guest.email)
      await page.getByRole('button', { name: 'Send invitations' }).click()
      const { link } = await waitForMail(guest.email, /invited/i)

      await page.goto(link)
      await expect(page.getByText(`You’re logged in as ${person.email}.`)).toBeVisible()
      await expect(page.getByRole('button', { name: 'Join' })).toHaveCount(0)
      await page.getByRole('button', { name: 'Log out and switch accounts' }).click()
      await page.waitForURL('**/users/log-in?*')

      const other = await (await openBrowser()).newPage()
      await other.goto(link)
      await other.getByRole('button', { name: 'Decline' }).click()
      await expect(other.getByText('You declined the invitation.')).toBeVisible()
      await page.goto(link)
      await expect(page.getByText(/has been answered, taken back or has expired/)).toBeVisible()
    })

    test('a domain is added, and once its DNS says whose it is, a colleague with an address there joins', async ({
      page,
      person,
      openBrowser,
    }) => {
      const slug = await begin(page, person)
      const domain = `${createSlug()}.example`
      await page.goto(`/organizations/${slug}/domains`)
      await page.getByLabel('Domain', { exact: true }).fill('gmail.com')
      await page.getByRole('button', { name: 'Add domain' }).click()
      await expect(page.getByText('Anyone can get an email address there.')).toBeVisible()
      await page.getByLabel('Domain', { exact: true }).fill(domain)
      await page.getByRole('button', { name: 'Add domain' }).click()
      await expect(page.getByText('The domain is added.')).toBeVisible()
      await expect(page.getByText(`_sigra.${domain}`)).toBeVisible()
      await expect(page.getByText(/^sigra-verification=/)).toBeVisible()
      await page.getByRole('button', { name: `Look now for the record of ${domain}` }).click()
      await expect(page.getByText('We’re looking for the record.')).toBeVisible()

      // What the worker does with the DNS is tested with a name server, in the library.
      await query('update organization_domains set verified_at = now(), failures = 0 where domain = $1', [
        domain,
      ])
      const colleague = { ...createPerson() }
      const browser = await openBrowser()
      const own = await browser.newPage()
      const email = `${createSlug()}@${domain}`
      await colleague.registerAndConfirm(own)
      await query('update users set email = $2, email_canonical = $2 where email = $1', [
        colleague.email,
        email,
      ])
      await own.goto('/users/log-in')
      await own.getByLabel('Email').fill(email)
      await own.getByLabel('Password', { exact: true }).fill(colleague.password)
      await own.getByRole('button', { name: 'Log in' }).click()
      await own.waitForURL('**/')
      await own.goto('/organizations')
      await expect(own.getByText(`Your email address is at ${domain}.`)).toBeVisible()
      await own.getByRole('button', { name: 'Join Acme Design' }).click()
      await own.waitForURL(`**/organizations/${slug}`)
      await expect(own.getByText('Welcome. You’re a member now.')).toBeVisible()

      await page.goto(`/organizations/${slug}/domains`)
      await expect(page.getByText(/^Proven since/)).toBeVisible()
      await page.locator('summary').filter({ hasText: 'Change' }).click()
      await page.locator('summary').filter({ hasText: 'Remove' }).click()
      await page.getByRole('button', { name: `Yes, remove ${domain}` }).click()
      await expect(page.getByText('The domain is removed.')).toBeVisible()
    })

    test('a policy that is saved holds a colleague back, who does what it asks for and goes on', async ({
      page,
      person,
      openBrowser,
    }) => {
      test.slow()
      await enrol(page, person)
      const slug = await create(page, 'Acme Design')
      const colleague = await colleagueOf(slug, await openBrowser())
      await page.goto(`/organizations/${slug}/policy`)
      await page.getByLabel('Two-step verification').selectOption('Required')
      await page.getByRole('button', { name: 'See who is affected' }).click()
      await expect(page.getByText(`${colleague.email}: two-step verification is off`)).toBeVisible()
      await page.getByRole('button', { name: 'Save policy' }).click()
      await expect(page.getByText('The policy is saved.')).toBeVisible()
      await expect(page.getByLabel('Two-step verification').locator(':checked')).toHaveText('Required')

      const own = colleague.page
      await own.goto(`/organizations/${slug}/members`)
      await own.waitForURL(`**/organizations/${slug}/enter?*`)
      await expect(own.getByText('“Acme Design” asks for more')).toBeVisible()
      await own.getByRole('link', { name: 'Turn on two-step verification' }).click()
      const app = await setUp(own)
      await own.goto(`/organizations/${slug}/members`)
      await expect(own.getByRole('heading', { name: 'Members' })).toBeVisible()

      // A browser that is trusted is let in to the account without the second step, and not in here.
      await query(
        "update user_sessions set aal = 1, amr = '{pwd}' where user_id = (select id from users where email = $1)",
        [colleague.email],
      )
      await own.reload()
      await own.getByRole('link', { name: 'Continue with your second step' }).click()
      await own.getByLabel('Code').first().fill(spaced(app.nextCode()))
      await own.getByRole('button', { name: 'Continue' }).first().click()
      await expect(own.getByRole('heading', { name: 'Members' })).toBeVisible()
      await expect(own).toHaveURL(`/organizations/${slug}/members`)

      // Nobody has a passkey any more: an owner with two factors ends it.
      await query("update organizations set allowed_methods = '{user}' where slug = $1", [slug])
      await own.reload()
      await expect(own.getByText('Turn the policy off')).toHaveCount(0)
      await page.goto(`/organizations/${slug}`)
      await page.locator('summary').filter({ hasText: 'Turn the policy off' }).click()
      await page.getByRole('button', { name: 'Yes, turn off' }).click()
      await expect(page.getByText('The policy is saved.')).toBeVisible()
      await own.reload()
      await expect(own.getByRole('heading', { name: 'Members' })).toBeVisible()
    })

    test('a policy that asks to log in again leads back; whoever does not want that leaves', async ({
      page,
      person,
      openBrowser,
    }) => {
      const slug = await begin(page, person)
      const colleague = await colleagueOf(slug, await openBrowser())
      await page.goto(`/organizations/${slug}/policy`)
      await page.getByLabel('Log in again after').selectOption('1 hour')
      await page.getByRole('button', { name: 'Save policy' }).click()
      await expect(page.getByText('The policy is saved.')).toBeVisible()
      await query(
        `update user_sessions set authenticated_at = now() - interval '1 hour'
         where user_id in (select id from users where email = any($1))`,
        [[person.email, colleague.email]],
      )

      await page.goto(`/organizations/${slug}/members`)
      await page.getByRole('button', { name: 'Log in again' }).click()
      await page.waitForURL('**/users/log-in?*')
      await page.getByLabel('Email').fill(person.email)
      await page.getByLabel('Password', { exact: true }).fill(person.password)
      await page.getByRole('button', { name: 'Log in' }).click()
      await expect(page).toHaveURL(`/organizations/${slug}/members`)

      const own = colleague.page
      await own.goto(`/organizations/${slug}`)
      await own.locator('summary').filter({ hasText: 'Leave this organization' }).click()
      await own.getByRole('button', { name: 'Yes, leave' }).click()
      await expect(own.getByText('You left Acme Design.')).toBeVisible()
    })

    test('an owner hands it over to a colleague, and takes it back by the email', async ({
      page,
      person,
      openBrowser,
    }) => {
      const slug = await begin(page, person)
      const colleague = await colleagueOf(slug, await openBrowser())
      await page.goto(`/organizations/${slug}/settings`)
      await page.getByRole('link', { name: 'Choose who gets it' }).click()
      await page.getByLabel('New owner').selectOption(`${colleague.email} · Member`)
      await page.getByLabel(`Type ${slug} to confirm`).fill('acme')
      await page.getByRole('button', { name: 'Hand over' }).click()
      await expect(page.getByText('Type the web address name exactly as it’s shown.')).toBeVisible()
      await page.getByLabel(`Type ${slug} to confirm`).fill(slug)
      await page.getByRole('button', { name: 'Hand over' }).click()
      await expect(page.getByText('You handed this organization over.')).toBeVisible()
      await expect(page.getByText(`${person.email} handed this organization over to`)).toBeVisible()

      // Whoever has it now can neither hand it on nor send the giver away.
      const own = colleague.page
      await own.goto(`/organizations/${slug}/settings/transfer`)
      await expect(own.getByText(`${person.email} handed this organization over to`)).toBeVisible()
      await expect(own.getByRole('button', { name: 'Hand over' })).toHaveCount(0)
      await own.goto(`/organizations/${slug}/settings`)
      const deletion = own.getByRole('region', { name: 'Delete this organization' })
      await expect(deletion.getByText(/^This organization was handed over not long ago/)).toBeVisible()
      await expect(deletion.getByRole('button')).toHaveCount(0)
      await own.goto(`/organizations/${slug}/members`)
      const row = own.getByRole('listitem').filter({ hasText: person.email })
      await row.getByText('Change').click()
      await row.locator('summary').filter({ hasText: 'Remove' }).click()
      await row.getByRole('button', { name: `Yes, remove ${person.email}` }).click()
      await expect(own.getByText(/was handed over not long ago/)).toBeVisible()
      await expect(row).toContainText('Admin')

      const { link } = await waitForMail(person.email, /handed over/i)
      const stranger = await (await openBrowser()).newPage()
      await stranger.goto(link)
      await expect(stranger).toHaveURL(/transfers\/continue\?f=/) // nothing of the token is left in the address
      await expect(stranger.getByRole('heading', { name: 'Take “Acme Design” back?' })).toBeVisible()
      await stranger.getByRole('button', { name: 'Undo the transfer' }).click()
      await stranger.waitForURL('**/users/log-in')
      await expect(stranger.getByText('The transfer of Acme Design is undone.')).toBeVisible()
      await page.goto(`/organizations/${slug}/members`)
      await expect(row.page().getByRole('heading', { name: 'Members' })).toBeVisible()
      await expect(page.getByRole('listitem').filter({ hasText: person.email })).toContainText('Owner')
      await expect(page.getByRole('listitem').filter({ hasText: colleague.email })).toContainText('Member')

      await stranger.goto(link)
      await expect(stranger.getByText('This link has been used already or has expired.')).toBeVisible()
    })

    test('somebody who is invited finds it where they choose among theirs, and joins there or declines', async ({
      page,
      person,
      openBrowser,
    }) => {
      const slug = await begin(page, person)
      const invite = async (email: string) => {
        await page.goto(`/organizations/${slug}/invitations`)
        await page.getByLabel('Email addresses').fill(email)
        await page.getByRole('button', { name: 'Send invitations' }).click()
        await expect(page.getByText('Your invitation is on its way.')).toBeVisible()
      }
      const guest = createPerson()
      const own = await (await openBrowser()).newPage()
      await guest.registerAndConfirm(own)
      await guest.logIn(own)
      await own.waitForURL('**/')
      await invite(guest.email)
      await own.goto('/organizations')
      const section = own.getByRole('region', { name: 'You’re invited' })
      await expect(section.getByRole('listitem')).toContainText('as: Member')
      await section.getByRole('button', { name: 'Join Acme Design' }).click()
      await expect(own.getByText('Welcome. You’re a member now.')).toBeVisible()

      await own.goto('/organizations')
      await expect(section).toHaveCount(0)
      const rival = await create(own, 'Rival')
      await own.goto(`/organizations/${rival}/invitations`)
      await own.getByLabel('Email addresses').fill(person.email)
      await own.getByRole('button', { name: 'Send invitations' }).click()
      await expect(own.getByText('Your invitation is on its way.')).toBeVisible()
      await page.goto('/organizations')
      await page.getByRole('button', { name: 'Decline the invitation to Rival' }).click()
      await expect(page.getByText('You declined the invitation.')).toBeVisible()
      await expect(page.getByRole('region', { name: 'You’re invited' })).toHaveCount(0)
    })

    test('an owner deletes an organization by typing its name, and takes that back; members find nothing meanwhile', async ({
      page,
      person,
      openBrowser,
    }) => {
      const slug = await begin(page, person)
      const colleague = await colleagueOf(slug, await openBrowser())
      const own = colleague.page
      await own.goto(`/organizations/${slug}/settings`)
      await expect(own.getByRole('button', { name: 'Delete organization' })).toHaveCount(0)

      await page.goto(`/organizations/${slug}/settings`)
      const section = page.getByRole('region', { name: 'Delete this organization' })
      await section.getByLabel(`Type ${slug} to confirm`).fill('acme')
      await section.getByRole('button', { name: 'Delete organization' }).click()
      await expect(section.getByText('Type the web address name exactly as it’s shown.')).toBeVisible()
      await section.getByLabel(`Type ${slug} to confirm`).fill(slug)
      await section.getByRole('button', { name: 'Delete organization' }).click()
      await page.waitForURL('**/organizations')
      await expect(
        page.getByText('Acme Design will be deleted. You can still restore it below.'),
      ).toBeVisible()
      await expect(bar(page)).not.toContainText('Acme Design')
      await own.reload()
      await expect(own.getByText('Page not found')).toBeVisible()
      await own.goto('/organizations')
      await expect(own.getByRole('button', { name: 'Restore' })).toHaveCount(0)

      await page.getByRole('button', { name: 'Restore Acme Design' }).click()
      await page.waitForURL(`**/organizations/${slug}`)
      await expect(page.getByText('Your organization is back')).toBeVisible()
      await own.goto(`/organizations/${slug}/members`)
      await expect(own.getByRole('heading', { name: 'Members' })).toBeVisible()

      await page.getByRole('link', { name: 'Audit log' }).click()
      await expect(page.getByRole('listitem').first()).toContainText('Organization restored')
      await page.getByLabel('Event').selectOption('Deletion requested')
      await page.getByRole('button', { name: 'Show' }).click()
      await expect(page.getByRole('listitem').filter({ hasText: 'by ' })).toHaveCount(1)
      await expect(page.getByRole('listitem').filter({ hasText: 'by ' })).toContainText(
        `Deletion requested${slug} · by ${person.email}`,
      )
      await query(
        `insert into audit_events (id, action, outcome, organization_id, occurred_at)
         select gen_random_uuid(), 'organization.renamed', 'success', o.id::text, now() - n * interval '1 day'
         from organizations o, generate_series(1, 60) n where o.slug = $1`,
        [slug],
      )
      await page.getByLabel('Event').selectOption('Name changed')
      await page.getByRole('button', { name: 'Show' }).click()
      const lines = page.locator('.cards > li')
      await expect(lines).toHaveCount(50)
      await page.getByRole('link', { name: 'Older' }).click()
      await expect(lines).toHaveCount(10)
      await expect(page.getByLabel('Event').locator(':checked')).toHaveText('Name changed')
      await page.getByRole('link', { name: 'Newest' }).click()
      await expect(lines).toHaveCount(50)
      await page.getByLabel('From').fill('2099-01-01')
      await page.getByRole('button', { name: 'Show' }).click()
      await expect(page.getByText('No events match.')).toBeVisible()
      await own.goto(`/organizations/${slug}/audit`)
      await expect(own.getByText('Request blocked')).toBeVisible()
    })

    test('the only owner stays, and whoever leaves sees nothing of it any more', async ({
      page,
      person,
      openBrowser,
    }) => {
      const slug = await begin(page, person)
      const leave = async (of: Page) => {
        await of.goto(`/organizations/${slug}/settings`)
        await of.locator('summary').filter({ hasText: 'Leave this organization' }).click()
        await of.getByRole('button', { name: 'Yes, leave' }).click()
      }
      await leave(page)
      await expect(page.getByText('You’re the only owner. Make someone else an owner first.')).toBeVisible()
      await page.goto('/users/settings/data')
      await expect(page.getByText(/because you’re the only one: Acme Design/)).toHaveCount(0) // nobody else is there

      const colleague = await colleagueOf(slug, await openBrowser())
      await page.goto('/users/settings/data')
      await expect(page.getByText(/because you’re the only one: Acme Design/)).toBeVisible()
      await leave(colleague.page)
      await expect(colleague.page.getByText('You left Acme Design.')).toBeVisible()
      await colleague.page.goto(`/organizations/${slug}`)
      await expect(colleague.page.getByText('Page not found')).toBeVisible()
    })
  })

async function colleagueOf(slug: string, browser: BrowserContext) {
  const colleague = createPerson()
  const page = await browser.newPage()
  await colleague.registerAndConfirm(page)
  await addMember(slug, colleague.email)
  await colleague.logIn(page)
  await page.waitForURL('**/')
  return { email: colleague.email, page }
}
