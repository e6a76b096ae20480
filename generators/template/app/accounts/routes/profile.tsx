import { Link } from 'react-router'
import { Moment } from '~/accounts/components/moment'
import { SettingsPage } from '~/accounts/components/settings-page'
import { words } from '~/accounts/words'
import { paths } from '~/paths'
import { requireUser, sigra } from '~/sigra.server'
import type { Route } from './+types/profile'

export async function loader(args: Route.LoaderArgs) {
  // Nothing is changed here: what will be, asks for `requireSudo` in its action.
  const { email, confirmedAt } = await requireUser(args)
  return { email, confirmedAt, notice: await sigra.flash.read(args) }
}

export const meta: Route.MetaFunction = () => [{ title: words.profile.title }]

export default function Profile({ loaderData }: Route.ComponentProps) {
  const { email, confirmedAt, notice } = loaderData
  return (
    <SettingsPage title={words.profile.title} intro={words.profile.intro} email={email} notice={notice}>
      <dl className="facts">
        <div>
          <dt>{words.profile.email}</dt>
          <dd>
            {email} <Link to={paths.settingsEmail}>{words.profile.changeEmail}</Link>
          </dd>
        </div>
        <div>
          <dt>{words.profile.confirmed}</dt>
          <dd>{confirmedAt ? <Moment at={confirmedAt} /> : words.profile.notConfirmed}</dd>
        </div>
      </dl>
      <section>
        <h2>{words.profile.data}</h2>
        <p>
          <Link to={paths.settingsData}>{words.profile.seeData}</Link>
        </p>
      </section>
    </SettingsPage>
  )
}
