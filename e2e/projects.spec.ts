import type { BrowserContext, Page } from '@playwright/test'
import { expectAccessible } from './support/accessible.ts'
import { addMember, createSlug } from './support/organizations.ts'
import { createPerson, expect, type Person, test } from './support/test.ts'

const listOf = (slug: string) => `/organizations/${slug}/projects`

async function createOrganization(page: Page, name: string): Promise<string> {
  const slug = createSlug()
  await page.goto('/organizations')
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill(name)
  await page.getByLabel('Web address name').fill(slug)
  await page.getByRole('button', { name: 'Create organization' }).click()
  await page.waitForURL(`**/organizations/${slug}`)
  return slug
}

async function createProject(page: Page, name: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Name' }).fill(name)
  await page.getByRole('button', { name: 'Create project' }).click()
  await expect(page.getByText(`${name} is ready.`)).toBeVisible()
}

async function begin(page: Page, person: Person): Promise<void> {
  await person.registerAndConfirm(page)
  await person.logIn(page)
  await page.waitForURL('**/')
}

async function colleagueOf(slug: string, role: string, browser: BrowserContext): Promise<Page> {
  const colleague = createPerson()
  const page = await browser.newPage()
  await colleague.registerAndConfirm(page)
  await addMember(slug, colleague.email, role)
  await colleague.logIn(page)
  await page.waitForURL('**/')
  return page
}

for (const javaScriptEnabled of [true, false])
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled })

    test('an admin makes projects, a member reads them, and whoever is in neither organization finds nothing', async ({
      page,
      person,
      openBrowser,
    }) => {
      test.slow() // four people
      await begin(page, person)
      const slug = await createOrganization(page, 'Acme Design')
      await page.getByRole('link', { name: 'Projects' }).click()
      await expect(page.getByText('No projects yet. Create the first one.')).toBeVisible()
      if (javaScriptEnabled) await expectAccessible(page)

      const member = await colleagueOf(slug, 'member', await openBrowser())
      await member.goto(listOf(slug))
      await expect(member.getByText('No projects yet. You’ll see them here')).toBeVisible()
      await expect(member.getByRole('button', { name: 'Create project' })).toHaveCount(0)

      const admin = await colleagueOf(slug, 'admin', await openBrowser())
      await admin.goto(listOf(slug))
      await createProject(admin, 'Website')
      if (javaScriptEnabled) await expectAccessible(admin)
      await admin.getByRole('textbox', { name: 'Name' }).fill('   ')
      await admin.getByRole('button', { name: 'Save name' }).click()
      await expect(admin.getByText('Give the project a name.')).toBeVisible()
      await admin.getByRole('textbox', { name: 'Name' }).fill('Web shop')
      await admin.getByRole('button', { name: 'Save name' }).click()
      await expect(admin.getByText('The name is saved.')).toBeVisible()

      await member.reload()
      await member.getByRole('link', { name: 'Web shop' }).click()
      await member.waitForURL(/projects\/[\da-f-]{36}$/)
      await expect(member.getByText('Created by')).toBeVisible()
      await expect(member.getByRole('button', { name: /Save name|Archive/ })).toHaveCount(0)
      const project = new URL(member.url()).pathname

      const stranger = await (await openBrowser()).newPage()
      await begin(stranger, createPerson())
      const own = await createOrganization(stranger, 'Other Design')
      for (const path of [listOf(slug), project, project.replace(slug, own)]) {
        const answer = await stranger.goto(path)
        expect(answer?.status(), path).toBe(404)
        await expect(stranger.getByText('Page not found')).toBeVisible()
      }

      await admin.getByRole('button', { name: 'Archive', exact: true }).click()
      await expect(admin.getByText('Web shop is archived.')).toBeVisible()
      await admin.getByRole('link', { name: 'Archived projects' }).click()
      await admin.getByRole('link', { name: 'Web shop' }).click()
      await admin.getByRole('button', { name: 'Bring back' }).click()
      await expect(admin.getByText('Web shop is back.')).toBeVisible()
    })
  })

test('two tabs in two organizations write each in its own, and a form that shows one is refused by the other', async ({
  page,
  person,
}) => {
  await begin(page, person)
  const acme = await createOrganization(page, 'Acme Design')
  const studio = await createOrganization(page, 'Studio') // and they are at work there
  const tab = await page.context().newPage()
  await page.goto(listOf(acme))
  await tab.goto(listOf(studio))
  await createProject(page, 'Website')
  await createProject(tab, 'Film')
  await page.goto(listOf(acme))
  await expect(page.getByRole('listitem').filter({ hasText: 'Website' })).toBeVisible()
  await expect(page.getByText('Film')).toHaveCount(0)

  // A tab shows one organization, and its address is another one's by the time that the form is sent.
  await page.evaluate((path) => history.replaceState(history.state, '', path), listOf(studio))
  const answered = await page.evaluate(async (path) => {
    const form = document.querySelector<HTMLFormElement>('form[method="post"]:has(input[name="name"])')
    const body = new URLSearchParams(
      [...new FormData(form ?? undefined)].flatMap(([key, value]) =>
        typeof value === 'string' ? [[key, value]] : [],
      ),
    )
    body.set('name', 'Misplaced')
    return (await fetch(path, { method: 'POST', body })).status
  }, listOf(studio))
  expect(answered).toBe(409)
  await tab.goto(listOf(studio))
  await expect(tab.getByText('Misplaced')).toHaveCount(0)
})

test('nothing on the pages of projects is wider than a phone', async ({ page, person }) => {
  await begin(page, person)
  const slug = await createOrganization(page, 'Acme Design')
  await page.setViewportSize({ width: 375, height: 740 })
  await page.goto(listOf(slug))
  const long = 'Projektwebseitenverwaltungsgesellschaft'.repeat(2)
  await createProject(page, long)
  for (const path of [new URL(page.url()).pathname, listOf(slug)]) {
    await page.goto(path)
    expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(375)
  }
})
