import { Link } from 'react-router'
import { SettingsPage } from '~/accounts/components/settings-page'
import { hidden } from '~/accounts/hidden'
import { loadEach } from '~/accounts/load-each.server'
import type { SecurityRow } from '~/accounts/security-rows.server'
import { words } from '~/accounts/words'
import { paths } from '~/paths'
import { securityRows } from '~/security-rows.server'
import { requireUser, sigra } from '~/sigra.server'
import type { Route } from './+types/security'

export async function loader(args: Route.LoaderArgs) {
  // What there is, never what it is: the pages behind ask again who is there.
  const user = await requireUser(args)
  const rows = await loadEach(securityRows, (load) => load(args))
  return { email: user.email, rows, notice: await sigra.flash.read(args) }
}

export const meta: Route.MetaFunction = () => [{ title: words.security.title }]

export default function Security({ loaderData }: Route.ComponentProps) {
  const { email, rows, notice } = loaderData
  return (
    <SettingsPage title={words.security.title} intro={words.security.intro} email={email} notice={notice}>
      <ul className="cards">{Object.entries(rows).map(([id, row]) => row && <Row key={id} {...row} />)}</ul>
      <p>
        <Link to={paths.activity}>{words.security.activity}</Link>
      </p>
    </SettingsPage>
  )
}

function Row({ title, isOn, status, action, path }: SecurityRow) {
  return (
    <li className="card">
      <div>
        <h2>
          {title}{' '}
          <span className={isOn ? 'badge' : 'badge badge-off'}>
            {isOn ? words.security.on : words.security.off}
          </span>
        </h2>
        <p className="soft">{status}</p>
      </div>
      <Link to={path} className="button button-quiet">
        {words.security.action(hidden, action, title)}
      </Link>
    </li>
  )
}
