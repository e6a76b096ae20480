import { OrganizationPage } from '~/organizations/components/organization-page'
import { requireOrganization } from '~/organizations/organizations.server'
import { pageOf } from '~/organizations/page.server'
import { roleName, words } from '~/organizations/words'
import { requireUser, sigra } from '~/sigra.server'
import type { Route } from './+types/organization'

export async function loader(args: Route.LoaderArgs) {
  const { email } = await requireUser(args)
  const scope = await requireOrganization(args) // for everybody who is no member, it does not exist
  return { email, page: pageOf(scope), notice: await sigra.flash.read(args) }
}

export const meta: Route.MetaFunction = ({ loaderData }) => [
  { title: loaderData?.page.organization.name ?? words.list.title },
]

export default function Organization({ loaderData }: Route.ComponentProps) {
  const { email, page, notice } = loaderData
  const { organization, role } = page
  return (
    <OrganizationPage title={organization.name} email={email} page={page} notice={notice}>
      <dl className="facts">
        <div>
          <dt>{words.overview.role}</dt>
          <dd>{roleName(role)}</dd>
        </div>
        <div>
          <dt>{words.overview.slug}</dt>
          <dd>
            <code>{organization.slug}</code>
          </dd>
        </div>
      </dl>
      <section className="panel">
        <h2>{words.overview.own}</h2>
        <p className="soft">{words.overview.ownText}</p>
        <pre>
          <code>{`export async function loader(args: Route.LoaderArgs) {
  const scope = await requireMember(args, 'project:read')
  return { projects: await forOrganization(scope).find(Project, {}) }
}`}</code>
        </pre>
      </section>
    </OrganizationPage>
  )
}
