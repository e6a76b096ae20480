import { AppBar } from '~/accounts/components/app-bar'
import { Moment } from '~/accounts/components/moment'
import { Notice } from '~/accounts/components/notice'
import { requireUser, sigra } from '~/sigra.server'
import { words } from '~/words'
import type { Route } from './+types/dashboard'

export async function loader(args: Route.LoaderArgs) {
  const user = await requireUser(args) // everyone else goes to log-in, and comes back here afterwards
  return { email: user.email, confirmedAt: user.confirmedAt, notice: await sigra.flash.read(args) }
}

export const meta: Route.MetaFunction = () => [{ title: words.dashboard.title }]

export default function Dashboard({ loaderData }: Route.ComponentProps) {
  const { email, confirmedAt, notice } = loaderData
  return (
    <>
      <AppBar email={email} />
      <main className="page" id="main">
        <Notice message={notice} />
        <section className="hero">
          <h1>{words.dashboard.title}</h1>
          <p className="soft">{words.dashboard.intro}</p>
        </section>
        <dl className="facts">
          <div>
            <dt>{words.dashboard.loggedInAs}</dt>
            <dd>{email}</dd>
          </div>
          {confirmedAt && (
            <div>
              <dt>{words.dashboard.confirmed}</dt>
              <dd>
                <Moment at={confirmedAt} />
              </dd>
            </div>
          )}
        </dl>
        <section className="panel">
          <h2>{words.dashboard.own}</h2>
          <p className="soft">{words.dashboard.ownText}</p>
          <pre>
            <code>{`export async function loader(args: Route.LoaderArgs) {
  const user = await requireUser(args)
  return { email: user.email }
}`}</code>
          </pre>
          <p className="soft">
            {words.dashboard.generate((text) => (
              <code>{text}</code>
            ))}
          </p>
        </section>
      </main>
    </>
  )
}
