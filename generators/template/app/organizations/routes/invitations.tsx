// sigra:file organizations
import { data, Link } from 'react-router'
import type { InvitedLine, OrganizationInvitation } from '@sigra/remix/organizations'
import { AskFirst } from '~/accounts/components/ask-first'
import { Form } from '~/accounts/components/form'
import { FormAlert } from '~/accounts/components/form-alert'
import { Submit } from '~/accounts/components/submit'
import { hidden } from '~/accounts/hidden'
import { refuse } from '~/accounts/refuse.server'
import { LinesField } from '~/organizations/components/lines-field'
import { OrganizationPage } from '~/organizations/components/organization-page'
import { RoleField } from '~/organizations/components/role-field'
import { Shown } from '~/organizations/components/shown'
import { organizations, requireMember } from '~/organizations/organizations.server'
import { pageOf } from '~/organizations/page.server'
import { organizationPaths, pathIn } from '~/organizations/paths'
import { InvitationsSchema } from '~/organizations/schemas'
import { roleName, words } from '~/organizations/words'
import { parseForm, requireSudo, requireUser, sigra } from '~/sigra.server'
import type { Route } from './+types/invitations'

export async function loader(args: Route.LoaderArgs) {
  const { email } = await requireUser(args)
  const scope = await requireMember(args, 'members:invite')
  const invitations = await organizations.listInvitations(args)
  const { invitationsPerForm } = organizations.policy
  return {
    email,
    page: pageOf(scope),
    roles: organizations.roles.filter((role) => organizations.mayGive(scope, role)),
    invitations: invitations.map((invitation) => ({
      ...invitation,
      mayChange: organizations.mayGive(scope, invitation.role),
    })),
    invitationsPerForm,
    notice: await sigra.flash.read(args),
  }
}

export async function action(args: Route.ActionArgs) {
  const { organization } = await requireMember(args, 'members:invite')
  const form = await parseForm(args, InvitationsSchema)
  if (!form.ok) return data({ form: form.reply() }, { status: 400 })

  const { value } = form
  const here = pathIn(organization.slug, '/invitations')
  if (value.intent === 'invite') {
    // An owner can take everything: a session that was left open must not be enough to make one.
    if (value.role === 'owner') await requireSudo(args)
    const result = await organizations.inviteMembers(args, value)
    if (result.ok) return { lines: result.lines }
    const isOfField = result.reason === 'no-addresses' || result.reason === 'too-many-addresses'
    return refuse(form, isOfField ? { ...result, errors: { emails: [result] } } : result)
  }
  if (value.intent === 'resend') {
    const result = await organizations.resendInvitation(args, value)
    return sigra.redirect(args, here, { flash: result.ok ? 'invitation-resent' : refusals[result.reason] })
  }
  const result = await organizations.revokeInvitation(args, value)
  return sigra.redirect(args, here, { flash: result.ok ? 'invitation-revoked' : refusals[result.reason] })
}

const refusals = {
  'unknown-invitation': 'invitation-gone',
  'sent-too-often': 'invitation-sent-too-often',
  limited: 'organization-too-soon',
} as const

export const meta: Route.MetaFunction = () => [{ title: words.invitations.title }]

export default function Invitations({ actionData, loaderData }: Route.ComponentProps) {
  const { email, page, invitations, notice } = loaderData
  const { organization } = page
  const form = actionData && 'form' in actionData ? actionData.form : undefined
  const lines = actionData && 'lines' in actionData ? actionData.lines : []
  return (
    <OrganizationPage
      title={words.invitations.title}
      intro={organization.name}
      email={email}
      page={page}
      notice={actionData ? null : notice}
    >
      <Answers lines={lines} />
      {organization.isPersonal ? (
        <p>
          {words.invitations.personal((text) => (
            <Link to={organizationPaths.list}>{text}</Link>
          ))}
        </p>
      ) : (
        <section className="panel" aria-labelledby="invite">
          <h2 id="invite">{words.invitations.invite}</h2>
          <Form method="post" className="form">
            <Shown organization={organization} />
            <FormAlert form={form} />
            <LinesField
              key={JSON.stringify(lines)} // what was sent is gone from it
              form={form}
              name="emails"
              label={words.invitations.emails}
              hint={words.invitations.emailsHint(loaderData.invitationsPerForm)}
              defaultValue={toCorrect(lines)}
            />
            <RoleField
              roles={loaderData.roles}
              defaultValue={form?.initialValue['role'] ?? loaderData.roles.at(-1) ?? ''}
            />
            <Submit intent="invite">{words.invitations.send}</Submit>
          </Form>
        </section>
      )}
      <section className="section" aria-labelledby="waiting">
        <h2 id="waiting">{words.invitations.waiting}</h2>
        {invitations.length === 0 && <p className="soft">{words.invitations.nobody}</p>}
        <ul className="cards">
          {invitations.map((invitation) => (
            <li key={invitation.id} className="card">
              <Invitation invitation={invitation} organization={organization} />
            </li>
          ))}
        </ul>
      </section>
    </OrganizationPage>
  )
}

/** What became of each line of the form. */
function Answers({ lines }: { lines: readonly InvitedLine[] }) {
  const sent = lines.filter(({ answer }) => answer === 'sent')
  return (
    <>
      {sent.length > 0 && <output className="notice">{words.invitations.sent(sent.length)}</output>}
      {sent.length < lines.length && (
        <div className="alert" role="alert">
          <p>{words.invitations.notSent}</p>
          <ul>
            {lines.map(
              ({ line, answer }, index) =>
                answer !== 'sent' && (
                  // oxlint-disable-next-line react/no-array-index-key -- two lines may be the same
                  <li key={index}>{`${line}: ${words.invitations.answers[answer]}`}</li>
                ),
            )}
          </ul>
        </div>
      )}
    </>
  )
}

/** The lines that are worth another try. */
function toCorrect(lines: readonly InvitedLine[]): string {
  return lines
    .filter(({ answer }) => answer === 'not-an-email-address' || answer === 'limited')
    .map(({ line }) => line)
    .join('\n')
}

interface InvitationProps {
  invitation: OrganizationInvitation & { mayChange: boolean }
  organization: { id: string }
}

function Invitation({ invitation, organization }: InvitationProps) {
  const { id, email, role, invitedBy, expiresAt, isExpired, resendsLeft, mayChange } = invitation
  const named = (
    <>
      <Shown organization={organization} />
      <input type="hidden" name="invitationId" value={id} />
    </>
  )
  return (
    <>
      <div>
        <h2>
          {email} {isExpired && <span className="badge badge-off">{words.invitations.expired}</span>}
        </h2>
        <p className="soft">{words.invitations.facts(roleName(role), invitedBy, expiresAt)}</p>
      </div>
      {mayChange && (
        <details className="choice">
          <summary>{words.invitations.change(hidden, email)}</summary>
          {resendsLeft > 0 && (
            <Form method="post" className="form">
              {named}
              <button className="button button-quiet" name="intent" value="resend">
                {words.invitations.resend(hidden, email)}
              </button>
            </Form>
          )}
          <AskFirst
            label={words.invitations.revoke(hidden, email)}
            question={words.invitations.revokeQuestion(email)}
          >
            <Form method="post">
              {named}
              <button className="button button-danger" name="intent" value="revoke">
                {words.invitations.revokeYes(hidden, email)}
              </button>
            </Form>
          </AskFirst>
        </details>
      )}
    </>
  )
}
