import { Link, NavLink, useLocation, useRouteLoaderData } from 'react-router'
import type { BarItem } from '~/accounts/bar-items'
import type { loadBar } from '~/accounts/bar-items.server'
import { words } from '~/accounts/words'
import { barItems } from '~/bar-items'
import { appName } from '~/brand'
import { paths } from '~/paths'
import { whereIn } from '~/accounts/settings-tabs'
import { settingsTabs } from '~/settings-tabs'
import { Form } from './form'

interface AppBarProps {
  /** Who is signed in. */
  email: string | null
  /** Whether visitors may register. @default true */
  canRegister?: boolean
}

export function AppBar({ email, canRegister = true }: AppBarProps) {
  const { pathname } = useLocation()
  const isSettings = settingsTabs.some((tab) => whereIn(tab, pathname))
  return (
    <header className="bar">
      <Link to="/" className="wordmark">
        {appName}
      </Link>
      <button type="button" className="button button-quiet bar-menu" popoverTarget="bar-links">
        {words.bar.menu}
      </button>
      <nav className="bar-links" id="bar-links" aria-label={words.bar.label} popover="auto">
        {email ? (
          <>
            <BarItems />
            <NavLink to="/dashboard">{words.bar.dashboard}</NavLink>
            <Link to={paths.settings} aria-current={isSettings ? 'page' : undefined}>
              {words.bar.settings}
            </Link>
            <Form method="post" action={paths.logOut} reloadDocument>
              <button className="button button-quiet">{words.bar.logOut}</button>
            </Form>
          </>
        ) : (
          <>
            <NavLink to={paths.logIn}>{words.bar.logIn}</NavLink>
            {canRegister && (
              <Link to={paths.register} className="button">
                {words.bar.register}
              </Link>
            )}
          </>
        )}
      </nav>
    </header>
  )
}

function BarItems() {
  const { bar = {} } = useRouteLoaderData<typeof loadBar>('root') ?? {}
  return Object.entries<BarItem>(barItems).map(
    ([id, { Show }]) => bar[id] && <Show key={id} loaded={bar[id]} />,
  )
}
