import { Form, Link, NavLink } from 'react-router'
import { appName } from '~/brand'

interface AppBarProps {
  /** Who is signed in. */
  email: string | null
}

export function AppBar({ email }: AppBarProps) {
  return (
    <header className="bar">
      <Link to="/" className="wordmark">
        {appName}
      </Link>
      <nav aria-label="Account">
        {email ? (
          <>
            <NavLink to="/dashboard">Dashboard</NavLink>
            <NavLink to="/users/settings">Settings</NavLink>
            <Form method="post" action="/users/log-out" reloadDocument>
              <button className="button button-quiet">Log out</button>
            </Form>
          </>
        ) : (
          <>
            <NavLink to="/users/log-in">Log in</NavLink>
            <Link to="/users/register" className="button">
              Register
            </Link>
          </>
        )}
      </nav>
    </header>
  )
}
