import {
  createOrganization,
  type Person,
  type PreparedOrganization,
  type TestBrowser,
} from '@sigra/dev/testing'
import { describe, expect, it } from 'vitest'
import { Project } from '../app/entities/project.ts'
import { organizations } from '../app/organizations/organizations.server.ts'
import { pathIn } from '../app/organizations/paths.ts'
import { words } from '../app/projects/words.ts'
import { paths } from '../app/paths.ts'
import { orm, sigra } from '../app/sigra.server.ts'
import { createPerson, openBrowser } from './support/app.ts'

const list = ({ slug }: PreparedOrganization) => pathIn(slug, '/projects')
const logIn = async (person: Person) => openBrowser().logIn(person)

describe('projects', () => {
  it('are made, renamed, archived and brought back by who may write', async () => {
    const { acme, owner } = await begin()
    expect((await owner.get(list(acme))).html).toContain(words.empty.own)
    const here = await create(owner, acme, 'Website')
    expect((await owner.get(here)).html).toContain(words.flashes['project-created']('Website'))

    expect((await owner.post(here, { intent: 'rename', name: 'Web shop' })).location).toBe(here)
    expect((await owner.get(list(acme))).html).toContain('Web shop')
    expect((await owner.post(here, { intent: 'archive' })).location).toBe(list(acme))
    const { html } = await owner.get(list(acme))
    expect(html).toContain(words.flashes['project-archived']('Web shop'))
    expect(html).toContain(words.empty.own)
    expect((await owner.get(`${list(acme)}?archived`)).html).toContain(here)
    await owner.post(here, { intent: 'archive' }) // once more, as in a tab that was left open
    expect((await owner.get(list(acme))).html).toContain(words.flashes['project-changed'].refusal)
    await owner.post(here, { intent: 'restore' })
    expect((await owner.get(list(acme))).html).toContain(here)
  })

  it('are read, and nothing more, by whose role is that', async () => {
    const { acme, owner } = await begin()
    const [member, admin] = [await createPerson(), await createPerson()]
    await member.joins(acme, 'member')
    await admin.joins(acme, 'admin')
    const reader = await logIn(member)
    expect((await reader.get(list(acme))).html).toContain(words.empty.others)
    const here = await create(owner, acme, 'Website')
    const { html } = await reader.get(here)
    expect(html).toContain('Website')
    expect(html).not.toContain(words.rename.button)
    expect((await reader.post(list(acme), { name: 'Mine' })).status).toBe(403)
    expect((await reader.post(here, { intent: 'rename', name: 'Mine' })).status).toBe(403)
    expect((await (await logIn(admin)).post(here, { intent: 'archive' })).location).toBe(list(acme))
  })

  it('are nothing that another organization finds, by whatever path', async () => {
    const { acme, owner } = await begin()
    const here = await create(owner, acme, 'Website')
    const { acme: other, owner: stranger } = await begin()
    expect((await stranger.get(list(acme))).status).toBe(404)
    expect((await stranger.get(here)).status).toBe(404)
    const within = here.replace(acme.slug, other.slug) // their organization, and somebody else’s project
    expect((await stranger.get(within)).status).toBe(404)
    expect((await stranger.post(within, { intent: 'archive' })).status).toBe(404)
    expect((await stranger.get(`${list(other)}/no-id`)).status).toBe(404)
    expect((await owner.get(here)).html).not.toContain(words.restoring.button)
  })

  it('are not made where a page showed another organization', async () => {
    const { acme, owner, person } = await begin()
    const second = await createOrganization(sigra, { owner: person, name: 'Second' })
    expect((await owner.post(list(second), { name: 'Website', shown: acme.id })).status).toBe(409)
    expect((await owner.get(list(second))).html).toContain(words.empty.own)
  })

  it('take no name that is empty or too long, and keep what was typed', async () => {
    const { acme, owner } = await begin()
    const empty = await owner.post(list(acme), { name: '  ' })
    expect([empty.status, empty.html.includes(words.missing.name)]).toEqual([400, true])
    const long = await owner.post(list(acme), { name: 'x'.repeat(101) })
    expect([long.status, long.html.includes(words.tooLong(100))]).toEqual([400, true])
    expect(long.html).toContain('x'.repeat(101))
  })

  it('are in the export of who made them, and of who has the organization alone', async () => {
    const { acme, owner } = await begin()
    const colleague = await createPerson()
    await create(owner, acme, 'Website')
    await colleague.joins(acme, 'admin')
    await create(await logIn(colleague), acme, 'Film')
    const alone = await begin()
    await create(alone.owner, alone.acme, 'Diary')
    expect(await exportOf(owner)).toEqual({ Project: ['Website'] })
    expect(await exportOf(alone.owner)).toEqual({
      Project: ['Diary'],
      'Project.organization': ['Diary'],
    })
  })

  it('go with their organization, and no others do', async () => {
    const { acme, owner } = await begin()
    const other = await begin()
    await create(owner, acme, 'Website')
    await create(other.owner, other.acme, 'Film')
    await owner.post(pathIn(acme.slug, '/settings'), {
      intent: 'delete',
      confirmation: acme.slug,
      shown: acme.id,
    })
    expect((await owner.get(list(acme))).status).toBe(404)
    await orm.em.fork().execute('update organizations set delete_after = now() where id = ?', [acme.id])
    await orm.em.fork().execute("select graphile_worker.add_job('sigra.deletions')")
    await expect.poll(() => namesOf(acme), { timeout: 20_000 }).toEqual([])
    expect(await namesOf(other.acme)).toEqual(['Film'])
  })

  it('come fifty to a page, whatever a page is called', async () => {
    const { acme, owner } = await begin()
    const em = organizations.acrossOrganizations('many projects for a test')
    for (let n = 100; n < 151; n++) em.create(Project, { organization: acme.id, name: `Project ${n}` })
    await em.flush()
    const first = await owner.get(list(acme))
    expect([first.html.includes('Project 149'), first.html.includes('Project 150')]).toEqual([true, false])
    expect((await owner.get(`${list(acme)}?page=2`)).html).toContain('Project 150')
    for (const page of ['0', '-1', 'x', '1e9', '1.5'])
      expect((await owner.get(`${list(acme)}?page=${page}`)).status).toBe(200)
  })
})

async function begin(): Promise<{ acme: PreparedOrganization; owner: TestBrowser; person: Person }> {
  const person = await createPerson()
  const acme = await createOrganization(sigra, { owner: person })
  return { acme, person, owner: await logIn(person) }
}

/** By what of a project is whose, their names. */
async function exportOf(browser: TestBrowser): Promise<Record<string, string[]>> {
  const { html } = await browser.post(`${paths.settings}/export`, { intent: 'export' })
  const { host }: { host: Record<string, { name: string }[] | number> } = JSON.parse(html)
  const tables = Object.entries(host).flatMap(([table, rows]) =>
    Array.isArray(rows) && rows.length > 0 && table.startsWith('Project')
      ? [[table, rows.map(({ name }) => name)] as const]
      : [],
  )
  return Object.fromEntries(tables)
}

async function namesOf({ id }: PreparedOrganization): Promise<string[]> {
  const em = organizations.acrossOrganizations('a test looks at what is left')
  return (await em.find(Project, { organization: id })).map(({ name }) => name)
}

/** @returns The path of the project. */
async function create(
  browser: TestBrowser,
  organization: PreparedOrganization,
  name: string,
): Promise<string> {
  const { location } = await browser.post(list(organization), { name, shown: organization.id })
  return location ?? ''
}
