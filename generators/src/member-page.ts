import {
  type EntityField,
  type EntityItem,
  entityFile,
  pageOf,
  parseField,
  subjectOf,
} from './entity-items.ts'
import { sampleText } from './entity-files.ts'
import { toKebab, type Renamer } from './names.ts'
import type { Flags, RouteItem } from './state.ts'

/** What a page of an organization is made of. */
export interface MemberPage {
  route: RouteItem
  title: string
  component: string
  module: string
  /** The entity that it lists, where there is one of its name. */
  entity: EntityItem | undefined
}

/** The entity of which `projects` is the page. */
export function entityOfPage(name: string, entities: readonly EntityItem[]): EntityItem | undefined {
  return entities.find((item) => item.owner === 'organization' && pageOf(item) === name)
}

/** A page for members of the organization in its path. */
export function renderMemberPage(page: MemberPage, id: Flags['id'], renamer: Renamer): string {
  return page.entity === undefined
    ? emptyPage(page)
    : entityPage({ ...page, entity: page.entity }, id, renamer)
}

function emptyPage({ title, component, module }: MemberPage): string {
  return `import { OrganizationPage } from '~/organizations/components/organization-page'
import { requireOrganization } from '~/organizations/organizations.server'
import { pageOf } from '~/organizations/page.server'
import { requireUser } from '~/sigra.server'
import type { Route } from './+types/${module}'

export async function loader(args: Route.LoaderArgs) {
  const { email } = await requireUser(args)
  const scope = await requireOrganization(args) // 404 for everybody who is no member; an action needs the same line
  return { email, page: pageOf(scope) }
}

export const meta: Route.MetaFunction = () => [{ title: '${title}' }]

export default function ${component}({ loaderData }: Route.ComponentProps) {
  const { email, page } = loaderData
  return (
    <OrganizationPage title="${title}" intro={page.organization.name} email={email} page={page}>
      <p className="soft">Members of {page.organization.name} see this page.</p>
    </OrganizationPage>
  )
}
`
}

type EntityPage = MemberPage & { entity: EntityItem }

function entityPage(
  { route, title, component, module, entity }: EntityPage,
  id: Flags['id'],
  renamer: Renamer,
): string {
  const { name } = entity
  const subject = subjectOf(entity)
  const fields = entity.fields.map(parseField)
  const names = fields.map((field) => field.name)
  const listed = ['id', ...names].join(', ')
  const items = itemsOf(entity)
  const accounts = renamer.path('app/accounts/components/').slice('app/'.length)
  const [first] = names
  return `import { data } from 'react-router'
import { z } from 'zod'
import { Field } from '~/${accounts}field'
import { Form } from '~/${accounts}form'
import { FormAlert } from '~/${accounts}form-alert'
import { Submit } from '~/${accounts}submit'
import { ${name} } from '~/${entityFile(entity).slice('app/'.length, -'.ts'.length)}'
import { OrganizationPage } from '~/organizations/components/organization-page'
import { can, forOrganization, requireMember } from '~/organizations/organizations.server'
import { pageOf } from '~/organizations/page.server'
import { pathIn } from '~/organizations/paths'
import { parseForm, requireUser, sigra } from '~/sigra.server'
import type { Route } from './+types/${module}'

const ${component}Schema = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('add'), ${fields.map((field) => `${field.name}: ${schemaOf(field)}`).join(', ')} }),
  z.object({ intent: z.literal('remove'), id: ${id === 'uuid' ? 'z.uuid()' : 'z.string().regex(/^\\d{1,18}$/)'} }),
])

export async function loader(args: Route.LoaderArgs) {
  const { email } = await requireUser(args)
  const scope = await requireMember(args, '${subject}:read') // 404 for everybody who is no member
  const ${items} = await forOrganization(scope).find(${name}, {}, { orderBy: { id: 'asc' } })
  return {
    email,
    page: pageOf(scope),
    mayWrite: can(scope, '${subject}:write'),
    ${items}: ${items}.map(({ ${listed} }) => ({ ${listed} })),
    notice: await sigra.flash.read(args),
  }
}

export async function action(args: Route.ActionArgs) {
  const scope = await requireMember(args, '${subject}:write')
  const form = await parseForm(args, ${component}Schema)
  if (!form.ok) return data({ form: form.reply() }, { status: 400 })

  const { value } = form
  const ${items} = forOrganization(scope) // rows of this organization alone
  if (value.intent === 'remove') await ${items}.delete(${name}, { id: value.id })
  else await ${items}.insert(${name}, { ${fields.map(insertedOf).join(', ')} })
  return sigra.redirect(args, pathIn(scope.organization.slug, '/${route.name}'))
}

export const meta: Route.MetaFunction = () => [{ title: '${title}' }]

export default function ${component}({ loaderData, actionData }: Route.ComponentProps) {
  const { email, page, mayWrite, ${items}, notice } = loaderData
  const form = actionData?.form
  return (
    <OrganizationPage title="${title}" intro={page.organization.name} email={email} page={page} notice={notice}>
      {${items}.length === 0 && <p>There are none yet.</p>}
      <ul className="cards">
        {${items}.map(({ ${listed} }) => (
          <li key={id} className="card">
            <div>
              <h2>{${shownOf(fields[0])}}</h2>
              ${fields.slice(1).map(lineOf).join('\n')}
            </div>
            {mayWrite && (
              <Form method="post">
                <input type="hidden" name="id" value={id} />
                <button className="button button-quiet" name="intent" value="remove" aria-label={\`Remove \${${first}}\`}>
                  Remove
                </button>
              </Form>
            )}
          </li>
        ))}
      </ul>
      {mayWrite && (
        <Form method="post" className="form">
          <FormAlert form={form} />
          ${fields.map(inputOf).join('\n')}
          <Submit intent="add">Add</Submit>
        </Form>
      )}
    </OrganizationPage>
  )
}
`
}

/** What the page of an entity promises: its members read and write, and nobody else. */
export function renderMemberPageTest({ route }: MemberPage, entity: EntityItem): string {
  const fields = entity.fields.map(parseField)
  const typed = fields.map((field) => `${field.name}: ${typedOf(field)}`).join(', ')
  return `import { createOrganization } from '@sigra/dev/testing'
import { expect, it } from 'vitest'
import { pathIn } from '../app/organizations/paths.ts'
import { paths } from '../app/paths.ts'
import { sigra } from '../app/sigra.server.ts'
import { createPerson, openBrowser } from './support/app.ts'

const typed = { intent: 'add', ${typed} }

async function open() {
  const owner = await createPerson()
  const { slug } = await createOrganization(sigra, { owner })
  return { browser: await openBrowser().logIn(owner), here: pathIn(slug, '/${route.name}') }
}

/** The ids that a page shows. */
function idsIn(html: string): string[] {
  return [...html.matchAll(/name="id" value="([^"]+)"/gu)].map(([, id = '']) => id)
}

it('shows members what their organization has, and others nothing of it', async () => {
  const [ours, theirs] = [await open(), await open()]
  expect((await ours.browser.post(ours.here, typed)).location).toBe(ours.here)
  expect(idsIn((await ours.browser.get(ours.here)).html)).toHaveLength(1)
  expect(idsIn((await theirs.browser.get(theirs.here)).html)).toEqual([])
  expect((await theirs.browser.get(ours.here)).status).toBe(404)
  expect((await theirs.browser.post(ours.here, typed)).status).toBe(404)
  expect((await openBrowser().get(ours.here)).location).toContain(paths.logIn)
})

it('removes nothing of another organization, whatever a form says', async () => {
  const [ours, theirs] = [await open(), await open()]
  await ours.browser.post(ours.here, typed)
  const [id = ''] = idsIn((await ours.browser.get(ours.here)).html)
  await theirs.browser.post(theirs.here, { intent: 'remove', id })
  expect(idsIn((await ours.browser.get(ours.here)).html)).toEqual([id])
  await ours.browser.post(ours.here, { intent: 'remove', id })
  expect(idsIn((await ours.browser.get(ours.here)).html)).toEqual([])
})
`
}

/** What a form sends of a sample. */
function typedOf(field: EntityField): string {
  if (field.type === 'integer') return "'7'"
  if (field.type === 'boolean') return "'on'"
  if (field.type === 'date') return "'2026-12-31'"
  return `'${sampleText.slice(0, field.type === 'string' ? field.length : undefined)}'`
}

function itemsOf(entity: EntityItem): string {
  return pageOf(entity).replaceAll(/-(\w)/gu, (_, letter: string) => letter.toUpperCase())
}

function schemaOf({ type, length, isOptional }: EntityField): string {
  const schema = {
    string: `z.string().trim().min(1).max(${length})`,
    text: 'z.string().trim().min(1)',
    integer: 'z.number().int()',
    boolean: 'z.boolean().default(false)',
    date: 'z.iso.date()',
  }[type]
  return isOptional && type !== 'boolean' ? `${schema}.optional()` : schema
}

function insertedOf({ name, type, isOptional }: EntityField): string {
  return isOptional && type !== 'boolean' ? `${name}: value.${name} ?? null` : `${name}: value.${name}`
}

function shownOf(field: EntityField | undefined): string {
  if (field === undefined) return 'id'
  return field.type === 'boolean' ? `${field.name} ? 'yes' : 'no'` : field.name
}

function lineOf(field: EntityField): string {
  const line = `<p className="soft">${labelOf(field.name)}: {${shownOf(field)}}</p>`
  return field.isOptional ? `{${field.name} !== null && ${line}}` : line
}

function inputOf({ name, type, length, isOptional }: EntityField): string {
  const label = labelOf(name)
  if (type === 'boolean')
    return `<label className="check"><input type="checkbox" name="${name}" /> ${label}</label>`
  const more = {
    string: `maxLength={${length}}`,
    text: '',
    integer: 'inputMode="numeric"',
    date: 'hint="As 2026-12-31."',
  }[type]
  return `<Field form={form} name="${name}" label="${label}" ${more} ${isOptional ? '' : 'required'} />`
}

/** `dueDate` → `Due date`. */
function labelOf(name: string): string {
  const words = toKebab(name.charAt(0).toUpperCase() + name.slice(1)).replaceAll('-', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
