// sigra:if accounts
import { Link } from 'react-router'
import { AppBar } from '~/accounts/components/app-bar'
import { Notice } from '~/accounts/components/notice'
import { appName } from '~/brand'
import { paths } from '~/paths'
import { getUser, sigra } from '~/sigra.server'
import { words } from '~/words'
import type { Route } from './+types/home'

export async function loader(args: Route.LoaderArgs) {
  const [user, notice] = await Promise.all([getUser(args), sigra.flash.read(args)])
  return { email: user?.email ?? null, notice, canRegister: sigra.policy.registration.mode !== 'closed' }
}

const places = [
  [words.home.pages, 'app/accounts/routes'],
  [words.home.sentences, 'app/accounts/words.ts'],
  [words.home.rules, 'app/accounts/accounts.server.ts'],
  [words.home.emails, 'app/accounts/emails'],
  [words.home.settings, 'app/sigra.server.ts'],
  [words.home.style, 'app/app.css'],
]

export default function Home({ loaderData }: Route.ComponentProps) {
  const { email, notice, canRegister } = loaderData
  return (
    <>
      <AppBar email={email} canRegister={canRegister} />
      <main className="page" id="main">
        <Notice message={notice} />
        {email ? <SignedIn email={email} /> : <SignedOut canRegister={canRegister} />}
        <section className="section">
          <h2>{words.home.places}</h2>
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
      <h1>{words.home.welcome}</h1>
      <p className="soft">
        {words.home.loggedInAs(
          (text) => (
            <strong>{text}</strong>
          ),
          email,
        )}
      </p>
      <p className="actions">
        <Link className="button" to="/dashboard">
          {words.home.dashboard}
        </Link>
      </p>
    </section>
  )
}

function SignedOut({ canRegister }: { canRegister: boolean }) {
  return (
    <section className="hero hero-cover">
      <h1>{words.home.ready(appName)}</h1>
      <p className="soft">{words.home.intro}</p>
      <p className="actions">
        {canRegister && (
          <Link className="button" to={paths.register}>
            {words.home.register}
          </Link>
        )}
        <Link className={canRegister ? 'button button-quiet' : 'button'} to={paths.logIn}>
          {words.home.logIn}
        </Link>
      </p>
    </section>
  )
}
// sigra:else
// sigra:+ import { appName } from '~/brand'
// sigra:+
// sigra:+ export default function Home() {
// sigra:+   return (
// sigra:+     <main className="page" id="main">
// sigra:+       <section className="hero">
// sigra:+         <h1>{appName} is ready for its first page.</h1>
// sigra:+       </section>
// sigra:+     </main>
// sigra:+   )
// sigra:+ }
// sigra:end
