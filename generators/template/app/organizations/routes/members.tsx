// sigra:file organizations
import { data, Link } from 'react-router'
import type { OrganizationMember } from '@sigra/remix/organizations'
import { AskFirst } from '~/accounts/components/ask-first'
import { Field } from '~/accounts/components/field'
import { Form } from '~/accounts/components/form'
import { Moment } from '~/accounts/components/moment'
import { Submit } from '~/accounts/components/submit'
import { hidden } from '~/accounts/hidden'
import { OrganizationPage } from '~/organizations/components/organization-page'
import { RoleField } from '~/organizations/components/role-field'
import { Shown } from '~/organizations/components/shown'
import { can, organizations, requireMember } from '~/organizations/organizations.server'
import { pageOf } from '~/organizations/page.server'
import { pathIn } from '~/organizations/paths'
import { MembersSchema } from '~/organizations/schemas'
import { roleName, words } from '~/organizations/words'
import { parseForm, requireSudo, requireUser, sigra } from '~/sigra.server'
import type { Route } from './+types/members'

export async function loader(args: Route.LoaderArgs) {
  const { id, email } = await requireUser(args)
  const scope = await requireMember(args, 'members:read')
  const q = args.url.searchParams.get('q') ?? ''
  const cursor = args.url.searchParams.get('after') ?? undefined
  const { members, after } = await organizations.listMembers(args, { q, after: cursor })
  return {
    email,
    page: pageOf(scope),
    q,
    isFirst: cursor === undefined,
    after,
    roles: organizations.roles.filter((role) => organizations.mayGive(scope, role)),
    members: members.map((member) => {
      const isOther = member.userId !== id && organizations.mayGive(scope, member.role)
      return {
        ...member,
        isSelf: member.userId === id,
        mayChange: isOther && can(scope, 'members:update'),
        mayRemove: isOther && can(scope, 'members:remove'),
      }
    }),
    notice: await sigra.flash.read(args),
  }
}

export async function action(args: Route.ActionArgs) {
  const { organization } = await requireMember(args, 'members:read')
  const form = await parseForm(args, MembersSchema)
  if (!form.ok) throw data(null, { status: 400 })

  const { value } = form
  const here = pathIn(organization.slug, '/members')
  if (value.intent === 'role') {
    // An owner can take everything: a session that was left open must not be enough to make one.
    if (value.role === 'owner') await requireSudo(args)
    const result = await organizations.changeMemberRole(args, value)
    return sigra.redirect(args, here, { flash: result.ok ? 'member-changed' : refusals[result.reason] })
  }
  const result = await organizations.removeMember(args, value)
  return sigra.redirect(args, here, { flash: result.ok ? 'member-removed' : refusals[result.reason] })
}

const refusals = {
  'last-owner': 'member-last-owner',
  'transfer-open': 'member-transfer-open',
  'unknown-member': 'member-gone',
  'unknown-role': 'member-gone',
  limited: 'organization-too-soon',
} as const

export const meta: Route.MetaFunction = () => [{ title: words.members.title }]

export default function Members({ loaderData }: Route.ComponentProps) {
  const { email, page, q, isFirst, after, members, roles, notice } = loaderData
  const here = pathIn(page.organization.slug, '/members')
  const search = q === '' ? '' : `&${new URLSearchParams({ q })}`
  return (
    <OrganizationPage
      title={words.members.title}
      intro={page.organization.name}
      email={email}
      page={page}
      notice={notice}
    >
      <Form method="get" className="form-row">
        <Field form={undefined} name="q" label={words.members.search} defaultValue={q} maxLength={254} />
        <Submit className="button button-quiet">{words.members.find}</Submit>
      </Form>
      {members.length === 0 && <p>{words.members.nobody}</p>}
      <ul className="cards">
        {members.map((member) => (
          <li key={member.id} className="card">
            <Member member={member} roles={roles} organization={page.organization} />
          </li>
        ))}
      </ul>
      <nav className="pages" aria-label={words.members.pages}>
        {!isFirst && <Link to={`${here}?${search.slice(1)}`}>{words.members.first}</Link>}
        {after && <Link to={`${here}?after=${after}${search}`}>{words.members.more}</Link>}
      </nav>
    </OrganizationPage>
  )
}

interface MemberProps {
  member: OrganizationMember & { isSelf: boolean; mayChange: boolean; mayRemove: boolean }
  roles: readonly string[]
  organization: { id: string; name: string }
}

function Member({ member, roles, organization }: MemberProps) {
  const { id, email, role, joinedAt, isSelf, mayChange, mayRemove } = member
  return (
    <>
      <div>
        <h2>
          {email} {isSelf && <span className="badge">{words.members.you}</span>}
        </h2>
        <p className="soft">
          {roleName(role)} · {words.members.since(<Moment at={joinedAt} />)}
        </p>
      </div>
      {(mayChange || mayRemove) && (
        <details className="choice">
          <summary>{words.members.change(hidden, email)}</summary>
          {mayChange && (
            <Form method="post" className="form">
              <Shown organization={organization} />
              <input type="hidden" name="memberId" value={id} />
              <RoleField roles={roles} defaultValue={role} />
              <button className="button button-quiet" name="intent" value="role">
                {words.members.save(hidden, email)}
              </button>
            </Form>
          )}
          {mayRemove && (
            <AskFirst
              label={words.members.remove(hidden, email)}
              question={words.members.removeQuestion(email, organization.name)}
            >
              <Form method="post">
                <Shown organization={organization} />
                <input type="hidden" name="memberId" value={id} />
                <button className="button button-danger" name="intent" value="remove">
                  {words.members.removeYes(hidden, email)}
                </button>
              </Form>
            </AskFirst>
          )}
        </details>
      )}
    </>
  )
}
