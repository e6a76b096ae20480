import { Link } from 'react-router'
import { AppBar } from '~/accounts/components/app-bar'
import { Notice } from '~/accounts/components/notice'
import { appName } from '~/brand'
import { paths } from '~/paths'
import { getUser, sigra } from '~/sigra.server'
import type { Route } from './+types/home'

export async function loader(args: Route.LoaderArgs) {
  const [user, notice] = await Promise.all([getUser(args), sigra.flash.read(args)])
  return { email: user?.email ?? null, notice }
}

const places = [
  ['Pages and forms', 'app/accounts/routes'],
  ['Rules of your product', 'app/accounts/accounts.server.ts'],
  ['Words and looks of mails', 'app/accounts/emails'],
  ['Settings', 'app/sigra.server.ts'],
  ['Colours and type', 'app/app.css'],
]

export default function Home({ loaderData }: Route.ComponentProps) {
  const { email, notice } = loaderData
  return (
    <>
      <AppBar email={email} />
      <main className="page" id="main">
        <Notice message={notice} />
        {email ? <SignedIn email={email} /> : <SignedOut />}
        <section className="section">
          <h2>Where things are</h2>
          <dl className="facts">
            {places.map(([what, where]) => (
              <div key={where}>
                <dt>{what}</dt>
                <dd>
                  <code>{where}</code>
                </dd>
              </div>
            ))}
          </dl>
        </section>
      </main>
    </>
  )
}

function SignedIn({ email }: { email: string }) {
  return (
    <section className="hero hero-cover">
      <h1>Good to see you.</h1>
      <p className="soft">
        You are signed in as <strong>{email}</strong>.
      </p>
      <p className="actions">
        <Link className="button" to="/dashboard">
          Open your dashboard
        </Link>
      </p>
    </section>
  )
}

function SignedOut() {
  return (
    <section className="hero hero-cover">
      <h1>{appName} is ready for its first page.</h1>
      <p className="soft">
        Accounts are in place: registering, confirming by mail, logging in, a new password when it is
        forgotten. The rest is yours to write.
      </p>
      <p className="actions">
        <Link className="button" to={paths.register}>
          Register
        </Link>
        <Link className="button button-quiet" to={paths.logIn}>
          Log in
        </Link>
      </p>
    </section>
  )
}
