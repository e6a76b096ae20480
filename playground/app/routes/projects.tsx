import { data, Link } from 'react-router'
import { Field } from '~/accounts/components/field'
import { Form } from '~/accounts/components/form'
import { FormAlert } from '~/accounts/components/form-alert'
import { Moment } from '~/accounts/components/moment'
import { Submit } from '~/accounts/components/submit'
import { Project } from '~/entities/project'
import { OrganizationPage } from '~/organizations/components/organization-page'
import { Shown } from '~/organizations/components/shown'
import { can, forOrganization, requireMember } from '~/organizations/organizations.server'
import { pageOf } from '~/organizations/page.server'
import { pathIn } from '~/organizations/paths'
import { CreateProjectSchema, NAME_LENGTH } from '~/projects/schemas'
import { words } from '~/projects/words'
import { parseForm, requireUser, sigra } from '~/sigra.server'
import type { Route } from './+types/projects'

const PER_PAGE = 50

export async function loader(args: Route.LoaderArgs) {
  const { email } = await requireUser(args)
  const scope = await requireMember(args, 'project:read')
  const { searchParams } = args.url
  const isArchive = searchParams.has('archived')
  const page = Math.max(1, Math.min(1000, Number(searchParams.get('page')) || 1))
  const projects = await forOrganization(scope).find(
    Project,
    { archivedAt: isArchive ? { $ne: null } : null },
    { orderBy: { name: 'asc', id: 'asc' }, limit: PER_PAGE + 1, offset: Math.floor(page - 1) * PER_PAGE },
  )
  return {
    email,
    page: pageOf(scope),
    isArchive,
    isFirst: page === 1,
    next: projects.length > PER_PAGE ? page + 1 : null,
    projects: projects.slice(0, PER_PAGE).map(({ id, name, createdAt, archivedAt }) => ({
      id,
      name,
      createdAt,
      archivedAt,
    })),
    mayWrite: can(scope, 'project:write'),
    notice: await sigra.flash.read(args),
  }
}

export async function action(args: Route.ActionArgs) {
  await requireMember(args, 'project:write')
  const form = await parseForm(args, CreateProjectSchema)
  if (!form.ok) return data({ form: form.reply() }, { status: 400 })

  const { name } = form.value
  const user = await requireUser(args)
  const scope = await requireMember(args, 'project:write', form.value) // 409 where the page showed another organization
  const project = await forOrganization(scope).insert(Project, { name, createdBy: user.id })
  return sigra.redirect(args, pathIn(scope.organization.slug, `/projects/${project.id}`), {
    flash: ['project-created', name],
  })
}

export const meta: Route.MetaFunction = () => [{ title: words.title }]

export default function Projects({ actionData, loaderData }: Route.ComponentProps) {
  const { email, page, isArchive, isFirst, next, projects, mayWrite, notice } = loaderData
  const { organization } = page
  const form = actionData?.form
  const here = pathIn(organization.slug, '/projects')
  const archive = isArchive ? 'archived&' : ''
  return (
    <OrganizationPage
      title={isArchive ? words.archive : words.title}
      intro={organization.name}
      email={email}
      page={page}
      notice={form ? null : notice}
    >
      {projects.length === 0 && <p>{emptyWords(isArchive, mayWrite)}</p>}
      <ul className="cards">
        {projects.map(({ id, name, createdAt, archivedAt }) => (
          <li key={id} className="card">
            <div>
              <h2>
                <Link to={`${here}/${id}`}>{name}</Link>
              </h2>
              <p className="soft">
                {archivedAt
                  ? words.archived(<Moment at={archivedAt} />)
                  : words.created(<Moment at={createdAt} />)}
              </p>
            </div>
          </li>
        ))}
      </ul>
      <nav className="pages" aria-label={words.pages}>
        {!isFirst && <Link to={isArchive ? `${here}?archived` : here}>{words.first}</Link>}
        {next && <Link to={`${here}?${archive}page=${next}`}>{words.next}</Link>}
        {isArchive ? (
          <Link to={here}>{words.present}</Link>
        ) : (
          <Link to={`${here}?archived`}>{words.archive}</Link>
        )}
      </nav>
      {mayWrite && !isArchive && (
        <section className="panel" aria-labelledby="create">
          <h2 id="create">{words.create.title}</h2>
          <Form method="post" className="form">
            <Shown organization={organization} />
            <FormAlert form={form} />
            <Field form={form} name="name" label={words.create.name} maxLength={NAME_LENGTH} required />
            <Submit>{words.create.button}</Submit>
          </Form>
        </section>
      )}
    </OrganizationPage>
  )
}

function emptyWords(isArchive: boolean, mayWrite: boolean): string {
  if (isArchive) return words.empty.archive
  return mayWrite ? words.empty.own : words.empty.others
}
