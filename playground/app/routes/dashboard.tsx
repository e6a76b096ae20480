import { AppBar } from '~/accounts/components/app-bar'
import { Notice } from '~/accounts/components/notice'
import { requireUser, sigra } from '~/sigra.server'
import type { Route } from './+types/dashboard'

export async function loader(args: Route.LoaderArgs) {
  const user = await requireUser(args) // everyone else goes to log-in, and comes back here afterwards
  return { email: user.email, confirmedAt: user.confirmedAt, notice: await sigra.flash.read(args) }
}

export const meta: Route.MetaFunction = () => [{ title: 'Dashboard' }]

export default function Dashboard({ loaderData }: Route.ComponentProps) {
  const { email, confirmedAt, notice } = loaderData
  return (
    <>
      <AppBar email={email} />
      <main className="page" id="main">
        <Notice message={notice} />
        <section className="hero">
          <h1>Dashboard</h1>
          <p className="soft">Only people who are signed in see this page.</p>
        </section>
        <dl className="facts">
          <div>
            <dt>Signed in as</dt>
            <dd>{email}</dd>
          </div>
          {confirmedAt && (
            <div>
              <dt>Address confirmed</dt>
              <dd>
                <time dateTime={confirmedAt.toISOString()}>{confirmedAt.toISOString().slice(0, 10)}</time>
              </dd>
            </div>
          )}
        </dl>
        <section className="panel">
          <h2>A page of your own, guarded like this one</h2>
          <p className="soft">The first line of its loader asks for somebody who is signed in.</p>
          <pre>
            <code>{`export async function loader(args: Route.LoaderArgs) {
  const user = await requireUser(args)
  return { email: user.email }
}`}</code>
          </pre>
          <p className="soft">
            Or let it be written: <code>npx plop sigra:route</code>
          </p>
        </section>
      </main>
    </>
  )
}
