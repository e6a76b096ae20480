import { data, Link } from 'react-router'
import type { UserActivity } from '@sigra/remix'
import { accounts } from '~/accounts/accounts.server'
import { Form } from '~/accounts/components/form'
import { FormAlert } from '~/accounts/components/form-alert'
import { Moment } from '~/accounts/components/moment'
import { SettingsPage } from '~/accounts/components/settings-page'
import { hidden } from '~/accounts/hidden'
import { refuse } from '~/accounts/refuse.server'
import { ActivitySchema } from '~/accounts/schemas'
import { words } from '~/accounts/words'
import { paths } from '~/paths'
import { parseForm, requireUser, sigra } from '~/sigra.server'
import { activities } from '~/words'
import type { Route } from './+types/activity'

export async function loader(args: Route.LoaderArgs) {
  const { email } = await requireUser(args)
  const before = args.url.searchParams.get('before') ?? undefined
  const page = await accounts.listUserActivity(args, { before })
  return { email, ...page, isFirst: before === undefined, notice: await sigra.flash.read(args) }
}

export async function action(args: Route.ActionArgs) {
  await requireUser(args)
  const form = await parseForm(args, ActivitySchema)
  if (!form.ok) throw data(null, { status: 400 })

  // Emails the owner and does nothing else: whoever got in here must not lock them out.
  const result = await accounts.disputeUserEvent(args, form.value)
  if (result.ok) return sigra.redirect(args, paths.activity, { flash: 'disputed' })
  if (result.reason === 'unknown') {
    return data({ form: form.reply(words.activity.unknown) }, { status: 404 })
  }
  return refuse(form, result)
}

export const meta: Route.MetaFunction = () => [{ title: words.activity.title }]

export default function Activity({ actionData, loaderData }: Route.ComponentProps) {
  const { email, events, before, isFirst, notice } = loaderData
  const form = actionData?.form
  return (
    <SettingsPage
      title={words.activity.title}
      intro={words.activity.intro}
      email={email}
      notice={form ? null : notice}
    >
      <FormAlert form={form} />
      {events.length === 0 && <p>{words.activity.nothing}</p>}
      <ul className="cards">
        {events.map((event) => (
          <Event key={event.id} event={event} />
        ))}
      </ul>
      <nav className="pages" aria-label={words.activity.pages}>
        {!isFirst && <Link to={paths.activity}>{words.activity.newest}</Link>}
        {before && <Link to={`${paths.activity}?before=${before}`}>{words.activity.older}</Link>}
      </nav>
    </SettingsPage>
  )
}

function Event({ event }: { event: UserActivity }) {
  const { id, action, outcome, occurredAt, actor, browser, address, canDispute } = event
  const said = activities[action]
  const what = said?.[outcome] ?? said?.done ?? words.activity.other
  return (
    <li className="card">
      <div>
        <h2>
          {what}{' '}
          {outcome === 'refused' && !said?.refused && (
            <span className="badge badge-off">{words.activity.refused}</span>
          )}
        </h2>
        <p className="soft">
          {actor === 'other'
            ? words.activity.byOthers
            : `${words.sessions.browser(browser)} · ${address ?? words.sessions.unknownAddress}`}{' '}
          · <Moment at={occurredAt} />
        </p>
      </div>
      {canDispute && (
        <Form method="post">
          <input type="hidden" name="eventId" value={id} />
          <button className="button button-quiet" name="intent" value="dispute">
            {words.activity.dispute(hidden, what)}
          </button>
        </Form>
      )}
    </li>
  )
}
