import { Link } from 'react-router'
import type { OrganizationEvent } from '@sigra/remix/organizations'
import { Field } from '~/accounts/components/field'
import { Form } from '~/accounts/components/form'
import { Moment } from '~/accounts/components/moment'
import { Submit } from '~/accounts/components/submit'
import { OrganizationPage } from '~/organizations/components/organization-page'
import { SelectField } from '~/organizations/components/select-field'
import { organizations, requireMember } from '~/organizations/organizations.server'
import { pageOf } from '~/organizations/page.server'
import { words } from '~/organizations/words'
import { requireUser, sigra } from '~/sigra.server'
import type { Route } from './+types/audit'

export async function loader(args: Route.LoaderArgs) {
  const { email } = await requireUser(args)
  const scope = await requireMember(args, 'audit:read')
  // What a form leaves empty is not asked for.
  const [action, from, to, cursor] = ['action', 'from', 'to', 'cursor'].map(
    (name) => args.url.searchParams.get(name) || undefined,
  )
  const asked = { action, from, to: to && dayAfter(to) }
  const { events, cursor: older } = await organizations.listOrganizationEvents(args, { ...asked, cursor })
  return {
    email,
    page: pageOf(scope),
    asked: { action, from, to },
    events,
    older,
    isFirst: cursor === undefined,
    notice: await sigra.flash.read(args),
  }
}

/** The list ends before the instant that it is told, and its reader means the whole day. What is no day stays as it is. */
function dayAfter(day: string): string {
  const at = new Date(day)
  at.setUTCDate(at.getUTCDate() + 1)
  return Number.isNaN(at.getTime()) ? day : at.toISOString()
}

export const meta: Route.MetaFunction = () => [{ title: words.audit.title }]

export default function Audit({ loaderData }: Route.ComponentProps) {
  const { email, page, asked, events, older, isFirst, notice } = loaderData
  const { action = '', from = '', to = '' } = asked
  const hasAsked = action + from + to !== ''
  const search = (cursor: string) => `?${new URLSearchParams({ action, from, to, cursor })}`
  return (
    <OrganizationPage
      title={words.audit.title}
      intro={words.audit.intro(page.organization.name)}
      email={email}
      page={page}
      notice={notice}
    >
      <Form method="get" className="form-row">
        <SelectField
          name="action"
          label={words.audit.action}
          options={[['', words.audit.everything], ...Object.entries(words.audit.actions)]}
          defaultValue={action}
        />
        <Field form={undefined} name="from" type="date" label={words.audit.from} defaultValue={from} />
        <Field form={undefined} name="to" type="date" label={words.audit.to} defaultValue={to} />
        <Submit className="button button-quiet">{words.audit.show}</Submit>
      </Form>
      {events.length === 0 && <p>{hasAsked || !isFirst ? words.audit.noMatch : words.audit.nothing}</p>}
      <ul className="cards">
        {events.map((event) => (
          <Event key={event.id} event={event} />
        ))}
      </ul>
      <nav className="pages" aria-label={words.audit.pages}>
        {!isFirst && <Link to={search('')}>{words.audit.newest}</Link>}
        {older && <Link to={search(older)}>{words.audit.older}</Link>}
      </nav>
    </OrganizationPage>
  )
}

const said: Partial<Record<string, string>> = words.audit.actions

function Event({ event }: { event: OrganizationEvent }) {
  const { action, actor, subject, metadata, occurredAt } = event
  const facts = [
    subject !== actor && subject,
    ...words.audit.details(metadata),
    actor === null ? words.audit.byOthers : words.audit.by(actor),
  ].filter(Boolean)
  return (
    <li className="card">
      <div>
        <h2>{said[action] ?? words.audit.other}</h2>
        <p className="soft">
          {facts.join(' · ')} · <Moment at={occurredAt} />
        </p>
      </div>
    </li>
  )
}
