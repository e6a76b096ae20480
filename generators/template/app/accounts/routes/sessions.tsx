import { data } from 'react-router'
import { accounts } from '~/accounts/accounts.server'
import { AskFirst } from '~/accounts/components/ask-first'
import { Moment } from '~/accounts/components/moment'
import { SettingsPage } from '~/accounts/components/settings-page'
import { Form } from '~/accounts/components/form'
import { Submit } from '~/accounts/components/submit'
import { hidden } from '~/accounts/hidden'
import { SessionsSchema } from '~/accounts/schemas'
import { words } from '~/accounts/words'
import { paths } from '~/paths'
import { parseForm, requireSudo, requireUser, sigra } from '~/sigra.server'
import type { Route } from './+types/sessions'

export async function loader(args: Route.LoaderArgs) {
  const user = await requireUser(args)
  const sessions = await accounts.listUserSessions(args)
  return { email: user.email, sessions, notice: await sigra.flash.read(args) }
}

export async function action(args: Route.ActionArgs) {
  await requireSudo(args)
  const form = await parseForm(args, SessionsSchema)
  if (!form.ok) throw data(null, { status: 400 })

  switch (form.value.intent) {
    case 'revoke': {
      const result = await accounts.revokeUserSession(args, form.value)
      // Somebody else's is none of yours; one of yours was ended meanwhile, in another tab.
      if (!result.ok) return data({ notice: 'session-gone' as const }, { status: 404 })
      if (result.isCurrent) return sigra.redirect(args, paths.logIn, { flash: 'logged-out' })
      return sigra.redirect(args, paths.sessions, { flash: 'session-ended-there' })
    }
    case 'revoke-others': {
      await accounts.revokeOtherUserSessions(args)
      return sigra.redirect(args, paths.sessions, { flash: 'others-logged-out' })
    }
    default: {
      await accounts.revokeAllUserSessions(args)
      return sigra.redirect(args, paths.logIn, { flash: 'all-logged-out' })
    }
  }
}

/** Also after a 404: the list that named a session which is gone is an old one. */
export const shouldRevalidate = () => true

export const meta: Route.MetaFunction = () => [{ title: words.sessions.title }]

export default function Sessions({ actionData, loaderData }: Route.ComponentProps) {
  const { email, sessions } = loaderData
  const notice = actionData?.notice ?? loaderData.notice
  return (
    <SettingsPage title={words.sessions.title} intro={words.sessions.intro} email={email} notice={notice}>
      <ul className="cards">
        {sessions.map(({ id, browser, address, firstSeenAt, lastSeenAt, isCurrent }) => (
          <li key={id} className="card">
            <div>
              <h2>
                {words.sessions.browser(browser)}{' '}
                {isCurrent && <span className="badge">{words.sessions.current}</span>}
              </h2>
              <p className="soft">
                {address ?? words.sessions.unknownAddress} ·{' '}
                {words.sessions.since(<Moment at={firstSeenAt} />)} ·{' '}
                {words.sessions.lastSeen(<Moment at={lastSeenAt} />)}
              </p>
            </div>
            <Form method="post" reloadDocument={isCurrent}>
              <input type="hidden" name="sessionId" value={id} />
              <button className="button button-quiet" name="intent" value="revoke">
                {words.sessions.logOutOf(hidden, words.sessions.browser(browser))}
              </button>
            </Form>
          </li>
        ))}
      </ul>
      {sessions.length > 1 && (
        <Form method="post">
          <Submit intent="revoke-others">{words.sessions.logOutOthers}</Submit>
        </Form>
      )}
      <AskFirst label={words.sessions.logOutAll} question={words.sessions.logOutAllQuestion}>
        <Form method="post" reloadDocument>
          <Submit intent="revoke-all" className="button button-danger">
            {words.sessions.logOutAllYes}
          </Submit>
        </Form>
      </AskFirst>
    </SettingsPage>
  )
}
