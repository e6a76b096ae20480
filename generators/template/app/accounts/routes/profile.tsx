import { Moment } from '~/accounts/components/moment'
import { SettingsPage } from '~/accounts/components/settings-page'
import { requireUser, sigra } from '~/sigra.server'
import type { Route } from './+types/profile'

export async function loader(args: Route.LoaderArgs) {
  // Nothing is changed here: what will be, asks for `requireSudo` in its action.
  const { email, confirmedAt } = await requireUser(args)
  return { email, confirmedAt, notice: await sigra.flash.read(args) }
}

export const meta: Route.MetaFunction = () => [{ title: 'Profile' }]

export default function Profile({ loaderData }: Route.ComponentProps) {
  const { email, confirmedAt, notice } = loaderData
  return (
    <SettingsPage title="Profile" intro="Who you are here." email={email} notice={notice}>
      <dl className="facts">
        <div>
          <dt>Email address</dt>
          <dd>{email}</dd>
        </div>
        <div>
          <dt>Confirmed</dt>
          <dd>{confirmedAt ? <Moment at={confirmedAt} /> : 'Not yet'}</dd>
        </div>
      </dl>
    </SettingsPage>
  )
}
