import { Link } from 'react-router'
import { SettingsPage } from '~/accounts/components/settings-page'
import { loadEach } from '~/accounts/load-each.server'
import type { SecurityRow } from '~/accounts/security-rows.server'
import { securityRows } from '~/security-rows.server'
import { requireUser, sigra } from '~/sigra.server'
import type { Route } from './+types/security'

export async function loader(args: Route.LoaderArgs) {
  // What there is, never what it is: the pages behind ask again who is there.
  const user = await requireUser(args)
  const rows = await loadEach(securityRows, (load) => load(args))
  return { email: user.email, rows, notice: await sigra.flash.read(args) }
}

export const meta: Route.MetaFunction = () => [{ title: 'Security' }]

export default function Security({ loaderData }: Route.ComponentProps) {
  const { email, rows, notice } = loaderData
  return (
    <SettingsPage
      title="Security"
      intro="How you log in, and what protects it."
      email={email}
      notice={notice}
    >
      <ul className="cards">{Object.entries(rows).map(([id, row]) => row && <Row key={id} {...row} />)}</ul>
    </SettingsPage>
  )
}

function Row({ title, isOn, status, action, path }: SecurityRow) {
  return (
    <li className="card">
      <div>
        <h2>
          {title} <span className={isOn ? 'badge' : 'badge badge-off'}>{isOn ? 'on' : 'off'}</span>
        </h2>
        <p className="soft">{status}</p>
      </div>
      <Link to={path} className="button button-quiet">
        {action}
        <span className="visually-hidden">: {title}</span>
      </Link>
    </li>
  )
}
