import { Link } from 'react-router'
import { accounts } from '~/accounts/accounts.server'
import { EntryPage } from '~/accounts/components/entry-page'
import { Form } from '~/accounts/components/form'
import { Submit } from '~/accounts/components/submit'
import { words } from '~/accounts/words'
import { paths } from '~/paths'
import { getUser, sigra } from '~/sigra.server'
import type { Route } from './+types/log-out'

// Looking at the page changes nothing: a link, a picture or a prefetch cannot sign anyone out.
export async function loader(args: Route.LoaderArgs) {
  const user = await getUser(args)
  return { email: user?.email }
}

export async function action(args: Route.ActionArgs) {
  await accounts.logOutUser(args)
  // sigra:if app=existing
  // sigra:+ return sigra.redirect(args, paths.logIn, { flash: 'logged-out' })
  // sigra:else
  return sigra.redirect(args, '/', { flash: 'logged-out' })
  // sigra:end
}

export const meta: Route.MetaFunction = () => [{ title: words.bar.logOut }]

export default function LogOut({ loaderData: { email } }: Route.ComponentProps) {
  if (email === undefined) {
    return (
      <EntryPage title={words.logOut.outTitle} intro={words.logOut.outIntro}>
        <Link className="button" to={paths.logIn}>
          {words.logOut.outButton}
        </Link>
      </EntryPage>
    )
  }
  return (
    <EntryPage title={words.logOut.title} intro={words.logOut.intro(email)}>
      <Form method="post" className="form" reloadDocument>
        <Submit>{words.logOut.button}</Submit>
      </Form>
    </EntryPage>
  )
}
