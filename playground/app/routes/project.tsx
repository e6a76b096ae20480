import { data } from 'react-router'
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
import { findProject } from '~/projects/find-project.server'
import { NAME_LENGTH, ProjectSchema } from '~/projects/schemas'
import { words } from '~/projects/words'
import { parseForm, requireUser, sigra } from '~/sigra.server'
import type { Route } from './+types/project'

export async function loader(args: Route.LoaderArgs) {
  const { email } = await requireUser(args)
  const scope = await requireMember(args, 'project:read')
  const { name, createdAt, createdBy, archivedAt } = await findProject(scope, args.params.projectId)
  return {
    email,
    page: pageOf(scope),
    project: { name, createdAt, archivedAt, createdBy: createdBy?.email ?? null },
    mayWrite: can(scope, 'project:write'),
    notice: await sigra.flash.read(args),
  }
}

export async function action(args: Route.ActionArgs) {
  await requireMember(args, 'project:write')
  const form = await parseForm(args, ProjectSchema)
  if (!form.ok) return data({ form: form.reply() }, { status: 400 })

  const { value } = form
  const scope = await requireMember(args, 'project:write', value)
  const { id, name } = await findProject(scope, args.params.projectId)
  const rows = forOrganization(scope)
  const list = pathIn(scope.organization.slug, '/projects')
  const here = `${list}/${id}`
  switch (value.intent) {
    case 'rename':
      await rows.update(Project, { id }, { name: value.name })
      return sigra.redirect(args, here, { flash: 'project-renamed' })
    case 'archive': {
      const count = await rows.update(Project, { id, archivedAt: null }, { archivedAt: new Date() })
      return sigra.redirect(args, list, { flash: count > 0 ? ['project-archived', name] : 'project-changed' })
    }
    case 'restore': {
      const count = await rows.update(Project, { id, archivedAt: { $ne: null } }, { archivedAt: null })
      return sigra.redirect(args, here, { flash: count > 0 ? ['project-restored', name] : 'project-changed' })
    }
  }
}

export const meta: Route.MetaFunction = ({ loaderData }) => [
  { title: loaderData?.project.name ?? words.title },
]

export default function ProjectDetails({ actionData, loaderData }: Route.ComponentProps) {
  const { email, page, project, mayWrite, notice } = loaderData
  const form = actionData?.form
  const change = project.archivedAt === null ? words.archiving : words.restoring
  return (
    <OrganizationPage
      title={project.name}
      intro={page.organization.name}
      email={email}
      page={page}
      notice={form ? null : notice}
    >
      <dl className="facts">
        <div>
          <dt>{words.facts.by}</dt>
          <dd>{project.createdBy ?? words.nobody}</dd>
        </div>
        <div>
          <dt>{words.facts.at}</dt>
          <dd>
            <Moment at={project.createdAt} />
          </dd>
        </div>
        {project.archivedAt && (
          <div>
            <dt>{words.facts.archived}</dt>
            <dd>
              <Moment at={project.archivedAt} />
            </dd>
          </div>
        )}
      </dl>
      {mayWrite && (
        <>
          <section className="panel" aria-labelledby="rename">
            <h2 id="rename">{words.rename.title}</h2>
            <Form method="post" className="form">
              <Shown organization={page.organization} />
              <FormAlert form={form} />
              <Field
                form={form}
                name="name"
                label={words.create.name}
                defaultValue={project.name}
                maxLength={NAME_LENGTH}
                required
              />
              <Submit intent="rename">{words.rename.button}</Submit>
            </Form>
          </section>
          <section className="section">
            <h2>{change.title}</h2>
            <p className="soft">{change.text}</p>
            <Form method="post">
              <Shown organization={page.organization} />
              <Submit intent={project.archivedAt ? 'restore' : 'archive'} className="button button-quiet">
                {change.button}
              </Submit>
            </Form>
          </section>
        </>
      )}
    </OrganizationPage>
  )
}
